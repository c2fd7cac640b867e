/** A cluster, Git repositories and a running Tiphys for one test file, on the sandbox or on the cluster of KUBECONFIG. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished, TestRunner } from 'vitest'
import { connect } from '../../src/kube/connect.ts'
import type { ClusterCredentials } from '../../src/kube/credentials.ts'
import type { KubeClient, Target } from '../../src/kube/kube-client.ts'
import { isNotFound } from '../../src/kube/kube-error.ts'
import { loadConfig } from '../../src/kube/load-config.ts'
import {
  type Application,
  type ApplicationSpec,
  type ApplicationStatus,
  annotation,
  customResourceDefinitions,
  imageUpdaterGroup,
  type KubeObject,
  messageOf,
} from '../../src/model/index.ts'
import { type AuditEvent, startSandbox } from '../../src/sandbox/sandbox.ts'
import { startTiphys, type Tiphys } from '../../src/serve/tiphys.ts'
import { commitAll, identity, initialize } from '../../src/source/fixtures/working-copy.ts'
import { canary, hearAnswers, keptSecrets, leaks, listOf } from './canary.ts'
import { type Installation, installed } from './installed.ts'

export interface Repository {
  url: string
  /** Writes the files (null removes one) and commits; answers the commit's id. */
  commit(files: Record<string, string | null>, message?: string): string
  git(...args: string[]): string
}

export interface World {
  /** False on the sandbox. */
  isRealCluster: boolean
  client: KubeClient
  credentials: ClusterCredentials
  kubeconfig: string
  controlNamespace: string
  /** Not taken by anything else on the cluster. */
  unique(name: string): string
  repository(files: Record<string, string>): Repository
  /** An application of one repository folder into a namespace of its own; `spec` is laid over it. */
  application(repository: Repository, spec?: Partial<ApplicationSpec>): Promise<App>
  tiphys(): Tiphys
  restart(changed?: Pick<WorldOptions, 'allowLocal'>): Promise<void>
  /** Values that must never be told; those of the Secrets that Tiphys keeps are among them without being named here. */
  secrets: string[]
  /** What was told so far, and where: the log, all answers, Events, statuses, metrics. */
  said(): Promise<Record<string, string>>
  /** Fails when a secret was told anywhere. */
  stop(): Promise<void>
}

export interface App {
  name: string
  namespace: string
  current(): Application | undefined
  status(): ApplicationStatus
  patch(patch: object): Promise<unknown>
  until(
    what: string,
    isSo: (status: ApplicationStatus, application: Application) => boolean,
    limitMs?: number,
  ): Promise<void>
  /** Synced, Healthy and idle, at this revision if one is given. */
  settled(revision?: string): Promise<void>
  /** Asks for a sync as kubectl would, and resolves to how it ended. */
  sync(sync?: object): Promise<NonNullable<ApplicationStatus['operationState']>>
  live(kind: string, name: string): Promise<KubeObject | undefined>
  /** It is looked at no more, which would be once a second. By itself at the end of a test that runs alone. */
  rest(): Promise<void>
}

const automated = { automated: { prune: true, selfHeal: true }, syncOptions: ['CreateNamespace=true'] }

export interface WorldOptions {
  /** What Tiphys takes for the time of day. */
  clock?: { now(): number }
  /** On the sandbox also where there is a cluster: for what needs containers, which clusters without a kubelet do not run. */
  needsContainers?: boolean
  /** Hears what Tiphys tells. */
  onLog?: (fields: object, text: string) => void
  /** With TLS. */
  encrypted?: boolean
  /** Whether repositories on this machine may be read; true unless given. */
  allowLocal?: boolean
  /** In the place of a folder of the world's own. */
  cacheDir?: string
  /** The form of an installation (see install/) whose rights Tiphys has; otherwise those of whoever the kubeconfig is of. */
  installed?: string | undefined
  /** Besides what every world sets. */
  env?: Record<string, string>
  /** What else was told, and where; no secret may be in it. */
  alsoSaid?: () => Record<string, string>
  /** Is told of the requests to the sandbox. */
  audit?: (event: AuditEvent) => void
}

export async function startWorld(settings: Record<string, string> = {}, options: WorldOptions = {}): Promise<World> {
  const { clock = Date, needsContainers = false, encrypted = false, onLog, cacheDir } = options
  const { installed: variant = process.env.TIPHYS_E2E_INSTALL } = options
  const heard = hearAnswers()
  const lines: string[] = []
  const folder = mkdtempSync(join(tmpdir(), 'tiphys-e2e-'))
  const isRealCluster = process.env.KUBECONFIG !== undefined && !needsContainers
  const suffix = randomBytes(3).toString('hex')
  const controlNamespace = `tiphys-e2e-${suffix}`
  const cleanups: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]

  const kubeconfig = isRealCluster ? (process.env.KUBECONFIG ?? '') : await sandboxKubeconfig()
  async function sandboxKubeconfig(): Promise<string> {
    const sandbox = await startSandbox(options.audit && { audit: options.audit })
    cleanups.push(() => sandbox.close())
    const file = join(folder, 'kubeconfig')
    writeFileSync(file, sandbox.kubeconfig)
    return file
  }

  const credentials = await loadConfig({ kubeconfig })
  const client = connect(credentials)
  cleanups.push(() => client.close())
  await install(client, controlNamespace, settings)
  const installation: Installation | undefined = variant
    ? await installed({ variant, namespace: controlNamespace, kubeconfig, client, admin: credentials })
    : undefined
  const secrets = await keepCanaries(client, controlNamespace)
  const namespaces = [controlNamespace]
  let count = 0
  let { allowLocal = true } = options
  let running = await start()
  let isOver = false

  function start(): Promise<Tiphys> {
    return startTiphys({
      credentials: installation?.credentials ?? credentials,
      namespace: controlNamespace,
      host: '127.0.0.1',
      port: 0,
      metricsPort: 0,
      insecure: !encrypted,
      allowLocal,
      ...(variant && { shared: true }),
      ...(variant === 'core-install' && { roles: ['controller', 'applicationset'] as const }),
      cacheDir: cacheDir ?? join(folder, 'cache'),
      // A hundred megabytes that are always the same.
      programsDir: join(tmpdir(), 'tiphys-test-tools'),
      log: logInto(lines, onLog),
      clock,
      env: { ARGOCD_SYNC_WAVE_DELAY: '0s', ...options.env },
    })
  }

  function repository(files: Record<string, string>): Repository {
    const path = join(folder, `repository-${count++}`)
    mkdirSync(path)
    const env = { PATH: process.env.PATH, HOME: folder, ...identity }
    const git = (...args: string[]) => execFileSync('git', args, { cwd: path, env, encoding: 'utf8' }).trim()
    initialize({ path, env })
    const commit: Repository['commit'] = (changes, message = 'Change') => {
      for (const [file, text] of Object.entries(changes)) {
        mkdirSync(dirname(join(path, file)), { recursive: true })
        if (text === null) rmSync(join(path, file))
        else writeFileSync(join(path, file), text)
      }
      return commitAll({ path, env }, message)
    }
    commit(files)
    return { url: path, commit, git }
  }

  async function application(source: Repository, spec: Partial<ApplicationSpec> = {}): Promise<App> {
    const name = `app-${suffix}-${count++}`
    const namespace = spec.destination?.namespace ?? name
    namespaces.push(namespace)
    await installation?.admit(namespace)
    await client.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name, namespace: controlNamespace },
      spec: {
        project: 'default',
        source: { repoURL: source.url, path: '.', targetRevision: 'main' },
        destination: { name: 'in-cluster', namespace },
        syncPolicy: automated,
        ...spec,
      },
    })
    const app = appOf({ client, controlNamespace, tiphys: () => running }, name, namespace)
    const test = TestRunner.getCurrentTest()
    // Of tests that run at the same time nobody can tell which this is.
    if (test && !test.concurrent) onTestFinished(() => (isOver ? undefined : app.rest()))
    return app
  }

  /** Everything that anybody was told so far. */
  async function said(): Promise<Record<string, string>> {
    const inEach = (kind: string, group = '') =>
      Promise.all(namespaces.map((namespace) => listOf(client, group, kind, namespace)))
    const { metricsUrl } = running
    return {
      'the log': lines.join('\n'),
      'an answer': heard.text(),
      'an Event': JSON.stringify(await inEach('Event')),
      'an object of the control plane': JSON.stringify([
        await inEach('Application', 'argoproj.io'),
        await inEach('AppProject', 'argoproj.io'),
        await inEach('ApplicationSet', 'argoproj.io'),
      ]),
      metrics: metricsUrl ? await (await fetch(metricsUrl)).text() : '',
      ...options.alsoSaid?.(),
    }
  }

  async function told(): Promise<string[]> {
    return leaks(await said(), [...secrets, ...(await keptSecrets(client, controlNamespace))])
  }

  return {
    isRealCluster,
    secrets,
    client,
    credentials,
    kubeconfig,
    controlNamespace,
    unique: (name) => `${name}-${suffix}`,
    repository,
    application,
    tiphys: () => running,
    async restart(changed = {}) {
      await running.stop()
      allowLocal = changed.allowLocal ?? allowLocal
      running = await start()
    },
    said,
    async stop() {
      isOver = true
      const found = await told().catch((error: unknown) => [`nobody can say: ${messageOf(error)}`])
      await running.stop()
      heard.stop()
      if (isRealCluster) for (const name of namespaces) await client.delete(namespaceTarget(name))
      for (const cleanup of cleanups.reverse()) await cleanup()
      if (found.length > 0) throw new Error(`secrets were told:\n${found.join('\n')}`)
    },
  }
}

function logInto(lines: string[], onLog: WorldOptions['onLog'] = () => {}) {
  const keep = (fields: object, text: string) => {
    lines.push(JSON.stringify({ ...fields, text }))
    onLog(fields, text)
  }
  return {
    debug: keep,
    info: keep,
    warn: keep,
    error(fields: object, text: string) {
      keep(fields, text)
      console.error(text, fields)
    },
  }
}

/** Of somebody's, where Tiphys reads; the values. */
async function keepCanaries(client: KubeClient, namespace: string): Promise<string[]> {
  const values = { secret: canary('argocd-secret'), password: canary('credentials') }
  const labels = { 'app.kubernetes.io/part-of': 'argocd' }
  const secret = (name: string, more: object, stringData: Record<string, string>) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { ...labels, ...more } },
    stringData,
  })
  const url = 'https://canary.example.invalid/'
  // An installation has it already.
  const options = { fieldManager: 'e2e' }
  await client.apply(secret('argocd-secret', {}, { 'canary.clientSecret': values.secret }), options)
  const type = { 'argocd.argoproj.io/secret-type': 'repo-creds' }
  await client.create(secret('canary-credentials', type, { url, username: 'canary', password: values.password }))
  return Object.values(values)
}

function namespaceTarget(name: string): Target {
  return { group: '', version: 'v1', kind: 'Namespace', namespace: '', name }
}

async function install(client: KubeClient, namespace: string, settings: Record<string, string>): Promise<void> {
  const options = { fieldManager: 'e2e' }
  await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, options)
  for (const definition of customResourceDefinitions()) await client.apply(definition, options)
  const data = { 'timeout.reconciliation': '1s', 'timeout.reconciliation.jitter': '0s', ...settings }
  await client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'argocd-cm', namespace }, data }, options)
  for (;;) {
    const resources = await client.apiResources({ refresh: true })
    const kinds = ['Application', 'AppProject', 'ApplicationSet']
    const isReady = resources.find(imageUpdaterGroup, 'ImageUpdater') !== undefined
    if (isReady && kinds.every((kind) => resources.find('argoproj.io', kind))) return
    await sleep(50)
  }
}

interface AppContext {
  client: KubeClient
  controlNamespace: string
  tiphys(): Tiphys
}

function appOf({ client, controlNamespace, tiphys }: AppContext, name: string, namespace: string): App {
  const target = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', namespace: controlNamespace, name }
  const current = () =>
    tiphys()
      .applications()
      .find(({ metadata }) => metadata.name === name)
  const patch = (change: object) => client.patch(target, change, { type: 'merge', fieldManager: 'e2e' })

  const until: App['until'] = async (what, isSo, limitMs = 30_000) => {
    const deadline = Date.now() + limitMs
    for (;;) {
      const application = current()
      if (application && isSo(application.status ?? {}, application)) return
      if (Date.now() > deadline) {
        const { operation, status } = application ?? {}
        throw new Error(`${name}: ${what}: not within ${limitMs} ms: ${JSON.stringify({ operation, status }, null, 1)}`)
      }
      await sleep(10)
    }
  }

  return {
    name,
    namespace,
    current,
    status: () => current()?.status ?? {},
    patch,
    until,
    settled: (revision) =>
      until(`settled${revision ? ` at ${revision}` : ''}`, (status, { operation }) => {
        const right = revision === undefined || status.sync?.revision === revision
        const idle = !operation && status.operationState?.phase === 'Succeeded'
        return right && idle && status.sync?.status === 'Synced' && status.health?.status === 'Healthy'
      }),
    async sync(sync = {}) {
      const before = current()?.status?.operationState
      await patch({ operation: { sync, initiatedBy: { username: 'e2e' } } })
      await until('the sync has ended', ({ operationState }, { operation }) => {
        const another = operationState !== undefined && JSON.stringify(operationState) !== JSON.stringify(before)
        return another && !operation && operationState.finishedAt !== undefined
      })
      const ended = current()?.status?.operationState
      if (!ended) throw new Error('the sync has left no state')
      return ended
    },
    async live(kind, objectName) {
      const found = (await client.apiResources()).all.find((resource) => resource.kind === kind)
      if (!found) throw new Error(`the cluster does not know ${kind}`)
      const { group, version, namespaced } = found
      return client.get({ group, version, kind, namespace: namespaced ? namespace : '', name: objectName })
    },
    async rest() {
      await patch({ metadata: { annotations: { [annotation.skipReconcile]: 'true' } } }).catch((error: unknown) => {
        if (!isNotFound(error)) throw error
      })
    },
  }
}
