/** Who may do what, from the objects of the control namespace; what changes with it is kept there too. */
import { randomBytes } from 'node:crypto'
import {
  type Access,
  AccessError,
  loginLimitSettings,
  openAccess,
  type TextStore,
  type VerifyExternal,
} from '../access/index.ts'
import { systemClock } from '../kube/clock.ts'
import { isConflict } from '../kube/kube-error.ts'
import type { ControlPlane, KubeClient } from '../live/index.ts'
import { type AppProject, type KubeObject, label, messageOf } from '../model/index.ts'
import type { Log } from '../reconcile/stages.ts'

export interface AccessInputs {
  client: KubeClient
  controlPlane: ControlPlane
  env: Record<string, string | undefined>
  log: Log
  verifyExternal?: VerifyExternal
}

/** Where counts of failures and revoked tokens are kept. */
export const accessSecret = 'tiphys-access'
const tries = 5

export async function openAccessOf({ client, controlPlane, env, log, verifyExternal }: AccessInputs): Promise<Access> {
  const { namespace } = controlPlane
  const secret = (name: string) => ({ group: '', version: 'v1', kind: 'Secret', namespace, name })

  /** Reads, changes and writes, again when somebody else was faster. */
  async function change<Kind extends KubeObject>(
    read: () => Promise<Kind | undefined>,
    patchFor: (object: Kind) => object | undefined,
  ): Promise<boolean> {
    for (let tried = 1; ; tried++) {
      const object = await read()
      const patch = object && patchFor(object)
      if (!object || !patch) return object !== undefined
      const { group, version, kind } = { ...kindOf(object) }
      const target = { group, version, kind, namespace, name: object.metadata.name }
      const metadata = { resourceVersion: object.metadata.resourceVersion }
      try {
        controlPlane.remember(await client.patch(target, { ...patch, metadata }, { type: 'merge' }))
        return true
      } catch (error) {
        if (!isConflict(error) || tried === tries) throw error
      }
    }
  }

  async function updateSecret(changed: (data: Record<string, string>) => Record<string, string | null>): Promise<void> {
    const read = () => client.get(secret('argocd-secret'))
    const found = await change(read, (object) => ({ data: encoded(changed(decoded(object))) }))
    if (!found) throw new AccessError('not-found', 'there is no Secret argocd-secret', 'argocd-secret is missing')
  }

  async function updateProject(name: string, changed: (project: AppProject) => object | undefined): Promise<void> {
    const read = () => client.get({ group: 'argoproj.io', version: 'v1alpha1', kind: 'AppProject', namespace, name })
    if (!(await change(read as () => Promise<AppProject | undefined>, changed))) {
      throw new AccessError('not-found', `there is no project ${name}`)
    }
  }

  /** A text in a key of a Secret of our own, which is made when there is something to keep. */
  function store(key: string): TextStore {
    const name = accessSecret
    return {
      load: async () => {
        const found = await client.get(secret(name))
        return found && decoded(found)[key]
      },
      async save(text) {
        const found = await change(
          () => client.get(secret(name)),
          (object) => ({ data: encoded({ [key]: text(decoded(object)[key]) }) }),
        )
        if (found) return
        const labels = { [label.partOf]: 'argocd', 'app.kubernetes.io/name': name }
        await client.create({
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name, namespace, labels },
          type: 'Opaque',
          data: encoded({ [key]: text(undefined) }),
        })
      },
    }
  }

  return openAccess({
    views: {
      settings: () => controlPlane.settings(),
      policy: () => controlPlane.settings('argocd-rbac-cm'),
      secret: () => controlPlane.secret('argocd-secret') ?? none,
      project: controlPlane.project,
    },
    updateSecret,
    updateProject,
    limits: loginLimitSettings(env),
    stores: { failures: store('failures'), revocations: store('revocations') },
    ...(verifyExternal && { verifyExternal }),
    now: Date.now,
    sleep: systemClock.sleep,
    random: randomBytes,
    onError: (error) => log.error({ error: messageOf(error) }, 'what has to be known of signing in could not be kept'),
  })
}

const none: Record<string, string> = {}

function kindOf({ apiVersion, kind }: KubeObject) {
  return kind === 'Secret'
    ? { group: '', version: 'v1', kind }
    : { group: 'argoproj.io', version: apiVersion.split('/')[1] ?? '', kind }
}

function decoded({ data }: KubeObject): Record<string, string> {
  return mapValues((data ?? {}) as Record<string, string>, (text) => Buffer.from(text, 'base64').toString('utf8'))
}

function encoded(data: Record<string, string | null>): Record<string, string | null> {
  return mapValues(data, (text) => text && Buffer.from(text, 'utf8').toString('base64'))
}

function mapValues<From, To>(values: Record<string, From>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]))
}
