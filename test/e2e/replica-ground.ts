/** The cluster that replicas work on, and who asks it for what: the sandbox tells by itself, any other through a gate for each account. */
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from '../../src/kube/connect.ts'
import { bearerHeader, type ClusterCredentials } from '../../src/kube/credentials.ts'
import { inform } from '../../src/kube/informer.ts'
import type { KubeClient } from '../../src/kube/kube-client.ts'
import { loadConfig } from '../../src/kube/load-config.ts'
import type { Application, KubeObject } from '../../src/model/index.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { type AuditGate, startAuditGate, type Write } from './audit-gate.ts'

/** Told of each write, with the application in whose namespace it is, as that was at the moment. */
export type Heed = (account: string, write: Write, application: Application | undefined) => void

export interface Ground {
  client: KubeClient
  application(name: string): Application | undefined
  applications(): Application[]
  /** The text of a kubeconfig for an account with this token. */
  kubeconfigFor(account: string, token: string): Promise<string>
  /** Begins to tell; once the kinds of Tiphys are there. */
  watch(onJob: (job: KubeObject) => void): Promise<void>
  close(): Promise<void>
}

export interface GroundOptions {
  namespace: string
  heed: Heed
}

const group = 'argoproj.io'

/** Of a cluster there is one, whatever else is tested on it meanwhile. */
export const bindingOf = (namespace: string, account: string) => `${namespace}-${account}`

export function openGround(options: GroundOptions): Promise<Ground> {
  const { KUBECONFIG: kubeconfig } = process.env
  return kubeconfig === undefined ? sandboxGround(options) : clusterGround(kubeconfig, options)
}

async function sandboxGround({ namespace, heed }: GroundOptions): Promise<Ground> {
  const applications = { group, version: 'v1alpha1', resource: 'applications' }
  const application = (name: string) =>
    sandbox.client.get({ ...applications, namespace, name }) as Application | undefined
  const sandbox = await startSandbox({
    audit(event) {
      if (event.kind !== 'resource' || event.dryRun || ['get', 'list', 'watch'].includes(event.verb)) return
      const account = event.user.split(':').at(-1) ?? ''
      // The first requests come before there is anything to ask for.
      const isOfReplica = account.startsWith('replica-')
      if (isOfReplica) heed(account, { ...event, name: event.name ?? '' }, application(event.namespace))
    },
  })
  const client = connect({
    name: 'sandbox',
    server: sandbox.url,
    ca: sandbox.caPem,
    authenticate: async () => ({ headers: bearerHeader(sandbox.adminToken) }),
  })
  let stop = () => {}
  return {
    client,
    application,
    applications: () => sandbox.client.list(applications, { namespace }) as Application[],
    kubeconfigFor: async (_account, token) => sandbox.kubeconfig.replace(sandbox.adminToken, token),
    async watch(onJob) {
      stop = sandbox.client.watch({ group: 'batch', version: 'v1', resource: 'jobs' }, (type, job) => {
        if (type === 'ADDED') onJob(job as KubeObject)
      })
    },
    async close() {
      stop()
      await client.close()
      await sandbox.close()
    },
  }
}

interface Kept {
  uid: string
  resourceVersion: string
  object: KubeObject
}

async function clusterGround(kubeconfig: string, { namespace, heed }: GroundOptions): Promise<Ground> {
  const credentials: ClusterCredentials = await loadConfig({ kubeconfig })
  const client = connect(credentials)
  const gates: AuditGate[] = []
  const accounts: string[] = []
  const stops: (() => Promise<void>)[] = []
  let known: ReadonlyMap<string, Kept> = new Map()
  const target = { group, version: 'v1alpha1', kind: 'Application', namespace }
  const applications = () => [...known.values()].map(({ object }) => object as Application)

  async function follow(
    kind: { group: string; kind: string; namespace?: string },
    onNew: (object: KubeObject) => void,
  ) {
    const resource = (await client.apiResources()).find(kind.group, kind.kind)
    if (!resource) throw new Error(`the cluster does not know ${kind.kind}`)
    const informer = inform<Kept>({
      client,
      resource,
      ...(kind.namespace && { namespace: kind.namespace }),
      keep: (object) => ({
        uid: object.metadata.uid ?? '',
        resourceVersion: object.metadata.resourceVersion ?? '',
        object,
      }),
      onChange({ previous, current }) {
        if (current && !previous) onNew(current.object)
      },
    })
    stops.push(() => informer.stop())
    while (informer.state().status !== 'synced') await sleep(20)
    return informer
  }

  return {
    client,
    application: (name) => applications().find(({ metadata }) => metadata.name === name),
    applications,
    async kubeconfigFor(account, token) {
      const gate = await startAuditGate(credentials, async (write) => {
        // Asked now: a look at what was followed could be too old to accuse anybody.
        const isForeign = write.namespace !== '' && write.namespace !== namespace
        const found = isForeign ? await client.get({ ...target, name: write.namespace }) : undefined
        heed(account, write, found as Application | undefined)
      })
      gates.push(gate)
      accounts.push(account)
      return JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'gate', cluster: { server: gate.url } }],
        users: [{ name: account, user: { token } }],
        contexts: [{ name: 'gate', context: { cluster: 'gate', user: account } }],
        'current-context': 'gate',
      })
    },
    async watch(onJob) {
      known = (await follow({ group, kind: 'Application', namespace }, () => {})).items
      await follow({ group: 'batch', kind: 'Job' }, onJob)
    },
    async close() {
      const places = new Set(applications().map(({ spec }) => spec.destination.namespace ?? ''))
      for (const stop of stops) await stop()
      for (const gate of gates) await gate.close()
      const binding = { group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'ClusterRoleBinding', namespace: '' }
      for (const name of accounts) await client.delete({ ...binding, name: bindingOf(namespace, name) })
      const space = { group: '', version: 'v1', kind: 'Namespace', namespace: '' }
      for (const name of [namespace, ...places]) {
        if (name !== '' && name !== 'default') await client.delete({ ...space, name })
      }
      await client.close()
    },
  }
}
