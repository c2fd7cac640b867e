/** For tests: an installation whose objects are in memory, with a clock that is moved by hand. */
import { hashSync } from 'bcryptjs'
import type { AppProject } from '../model/index.ts'
import { type Access, openAccess } from './access.ts'
import type { VerifyExternal } from './session/authenticate.ts'
import type { Settings } from './settings.ts'
import type { TextStore } from './write-behind.ts'

export interface Installation {
  access: Access
  settings: Settings
  policy: Settings
  secret: Settings
  projects: Map<string, AppProject>
  kept: { failures: string | undefined; revocations: string | undefined }
  /** Milliseconds that were slept in all. */
  slept: number
  /** Milliseconds since 1970; sleeping moves it too. */
  now: number
  /** The same installation after a restart. */
  restart(): Promise<void>
  set(part: 'settings' | 'policy' | 'secret', values: Settings): void
}

export const start = Date.UTC(2026, 0, 1, 12)
const passwords = { admin: hashSync('admin-password', 4), alice: hashSync('alice-password', 4) }

export interface Given {
  settings?: Settings
  policy?: Settings
  secret?: Settings
  projects?: AppProject[]
  verifyExternal?: VerifyExternal
  mostFailures?: number
  mostAtOnce?: number
}

export async function openInstallation(given: Given = {}): Promise<Installation> {
  const { verifyExternal, mostFailures = 5, mostAtOnce = 50 } = given
  const self: Omit<Installation, 'access'> = {
    settings: { 'accounts.alice': 'login, apiKey', 'accounts.ci': 'apiKey', ...given.settings },
    policy: given.policy ?? {},
    secret: {
      'server.secretkey': 'a-secret-key-that-is-long-enough',
      'admin.password': passwords.admin,
      'accounts.alice.password': passwords.alice,
      ...given.secret,
    },
    projects: new Map(given.projects?.map((project) => [project.metadata.name, project])),
    kept: { failures: undefined, revocations: undefined },
    slept: 0,
    now: start,
    async restart() {
      await installation.access.close()
      installation.access = await open()
    },
    set(part, values) {
      installation[part] = { ...installation[part], ...values }
    },
  }
  const store = (name: 'failures' | 'revocations'): TextStore => ({
    load: async () => installation.kept[name],
    save: async (text) => {
      installation.kept[name] = text(installation.kept[name])
    },
  })
  const open = () =>
    openAccess({
      views: {
        settings: () => installation.settings,
        policy: () => installation.policy,
        secret: () => installation.secret,
        project: (name) => installation.projects.get(name),
      },
      async updateSecret(change) {
        const changes = Object.entries(change(installation.secret))
        const kept = {
          ...installation.secret,
          ...Object.fromEntries(changes.map(([key, value]) => [key, value ?? ''])),
        }
        installation.secret = kept
      },
      async updateProject(name, change) {
        const project = installation.projects.get(name)
        if (!project) throw new Error(`there is no project ${name}`)
        const patch = change(project)
        if (patch)
          installation.projects.set(name, {
            ...project,
            spec: { ...project.spec, ...patch.spec } as AppProject['spec'],
            status: patch.status,
          })
      },
      limits: { mostFailures, windowSeconds: 300, mostAtOnce },
      stores: { failures: store('failures'), revocations: store('revocations') },
      ...(verifyExternal && { verifyExternal }),
      now: () => installation.now,
      // What waits in the background is waited for in earnest; what a caller waits for only moves the clock.
      sleep(ms, signal) {
        if (signal) return new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
        installation.now += ms
        installation.slept += ms
        return Promise.resolve()
      },
      random: (bytes) => Buffer.alloc(bytes, 7),
      onError: (error) => {
        throw error
      },
    })
  const installation = self as Installation
  installation.access = await open()
  return installation
}

export function project(name: string, spec: AppProject['spec']): AppProject {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name }, spec }
}
