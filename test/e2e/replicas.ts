/** Replicas of Tiphys as processes of their own, each under an account of its own, on a cluster that tells who asks for what. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KubeClient } from '../../src/kube/kube-client.ts'
import { type Application, annotation, customResourceDefinitions } from '../../src/model/index.ts'
import { bindingOf, openGround } from './replica-ground.ts'

/** Another for each stage where the cluster is not ours alone. */
const newSuffix = () => (process.env.KUBECONFIG ? `-${randomBytes(3).toString('hex')}` : '')
let suffix = newSuffix()
export let controlNamespace = `argocd${suffix}`
/** Of applications and of their namespaces: on a cluster that others use too, no two tests have the same. */
export const shops = (count: number) => Array.from({ length: count }, (_, number) => `shop${suffix}-${number}`)

/** A write in the namespace of an application, by a replica that was not on its record at that moment. */
export interface Intrusion {
  application: string
  by: string
  holder: string | undefined
  what: string
}

export interface Stage {
  client: KubeClient
  folder: string
  /** Of the replica with this account; known once it has written its Lease. */
  identityOf(account: string): string | undefined
  intrusions: Intrusion[]
  /** Application → the Jobs that were ever made for it, by round. */
  jobs: Map<string, Set<string>>
  /** What each account has written so far, but for Leases. */
  written(account: string): string[]
  application(name: string): Application | undefined
  applications(): Application[]
  /** The text of a kubeconfig for an account with this token. */
  kubeconfigFor(account: string, token: string): Promise<string>
  stop(): Promise<void>
}

/** `settings`: of argocd-cm, over those that have everything looked at each second. */
export async function openStage(settings: Record<string, string> = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'tiphys-replicas-'))
  const intrusions: Intrusion[] = []
  const identities = new Map<string, string>()
  const jobs: Stage['jobs'] = new Map()
  const written = new Map<string, string[]>()
  const ground = await openGround({
    namespace: controlNamespace,
    heed(account, { verb, resource, name, namespace }, application) {
      if (resource === 'leases') {
        // The request that makes one is about the collection; one that deletes one is about another's that is gone.
        if (name && verb !== 'delete') identities.set(account, name.replace(/^tiphys-/, ''))
        return
      }
      const what = `${verb} ${resource} ${name}`
      written.set(account, [...(written.get(account) ?? []), what])
      const holder = application?.metadata.annotations?.[annotation.holder]
      if (namespace === controlNamespace || holder?.split('/')[0] === identities.get(account)) return
      intrusions.push({ application: namespace, by: identities.get(account) ?? account, holder, what })
    },
  })
  const { client, application, applications, kubeconfigFor } = ground
  await install(client, settings)
  await ground.watch(({ metadata: { namespace = '', uid = '', labels } }) => {
    const key = `${namespace} round ${labels?.round}`
    jobs.set(key, (jobs.get(key) ?? new Set()).add(uid))
  })
  return {
    client,
    folder,
    identityOf: (account) => identities.get(account),
    intrusions,
    jobs,
    written: (account) => written.get(account) ?? [],
    application,
    applications,
    kubeconfigFor,
    async stop() {
      await ground.close()
      rmSync(folder, { recursive: true, force: true })
      // What has gone may be there for a while, and other files of tests run in this process.
      suffix = newSuffix()
      controlNamespace = `argocd${suffix}`
    },
  }
}

async function install(client: KubeClient, settings: Record<string, string>): Promise<void> {
  const options = { fieldManager: 'e2e' }
  await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: controlNamespace } }, options)
  for (const definition of customResourceDefinitions()) await client.apply(definition, options)
  const data = {
    'timeout.reconciliation': '1s',
    'timeout.reconciliation.jitter': '0s',
    'accounts.ann': 'login',
    ...settings,
  }
  const metadata = { name: 'argocd-cm', namespace: controlNamespace }
  await client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, options)
  while (!(await client.apiResources({ refresh: true })).find('argoproj.io', 'Application')) await sleep(50)
}

/** Of the whole cluster, under a name that the audit tells. */
async function accountFor({ client, folder, kubeconfigFor }: Stage, account: string): Promise<string> {
  const metadata = { name: account, namespace: controlNamespace }
  const group = 'rbac.authorization.k8s.io'
  await client.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata })
  await client.create({
    apiVersion: `${group}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: bindingOf(controlNamespace, account) },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', ...metadata }],
  })
  const labels = { 'kubernetes.io/service-account.name': account }
  const target = { group: '', version: 'v1', kind: 'Secret', namespace: controlNamespace, name: `${account}-token` }
  await client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: target.name, namespace: controlNamespace, annotations: labels },
    type: 'kubernetes.io/service-account-token',
  })
  for (;;) {
    const data = (await client.get(target))?.data as { token?: string } | undefined
    if (data?.token) {
      const token = Buffer.from(data.token, 'base64').toString()
      const file = join(folder, `${account}.kubeconfig`)
      writeFileSync(file, await kubeconfigFor(account, token), { mode: 0o600 })
      return file
    }
    await sleep(50)
  }
}

export class Replica {
  readonly account: string
  readonly lines: Record<string, unknown>[] = []
  readonly #child: ChildProcess

  static async start(stage: Stage, name: string, args: string[] = ['--shared']): Promise<Replica> {
    const account = `replica-${name}`
    return new Replica(account, { stage, args, kubeconfig: await accountFor(stage, account) })
  }

  private constructor(
    account: string,
    { stage, args, kubeconfig }: { stage: Stage; args: string[]; kubeconfig: string },
  ) {
    this.account = account
    const place = ['--namespace', controlNamespace, '--host', '127.0.0.1', '--port', '0', '--insecure', '--allow-local']
    const cache = ['--cache-dir', join(stage.folder, account)]
    const all = ['bin/tiphys', 'serve', '--kubeconfig', kubeconfig, ...place, ...cache, ...args]
    this.#child = spawn(process.execPath, all, {
      env: { PATH: process.env.PATH, HOME: stage.folder, ARGOCD_SYNC_WAVE_DELAY: '1s' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let rest = ''
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      const lines = (rest + String(chunk)).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line.startsWith('{')) this.lines.push(JSON.parse(line))
    })
  }

  /** Where its API is; waits until it runs. */
  async url(): Promise<string> {
    return String((await this.running()).url)
  }

  /** What it says when it runs. */
  async running(): Promise<Record<string, unknown>> {
    for (let tries = 0; tries < 600; tries++) {
      const told = this.lines.find(({ msg }) => msg === 'tiphys is running')
      if (told) return told
      if (this.#child.exitCode !== null) throw new Error(`${this.account} has ended: ${JSON.stringify(this.lines)}`)
      await sleep(100)
    }
    throw new Error(`${this.account} does not run within a minute: ${JSON.stringify(this.lines)}`)
  }

  /** With how many it shares applications, itself among them, as it has told last. */
  peers(): number {
    const told = this.lines.findLast(({ live }) => live !== undefined)?.live as { controller?: string[] } | undefined
    return told?.controller?.length ?? 0
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
    this.#child.kill(signal)
  }

  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (this.hasEnded) return
    this.#child.kill(signal)
    await once(this.#child, 'exit')
  }
}
