/** ApplicationSets over the stages: settings as they are now, what happens told on, writes known at once. */
import { compileRules, type Jq, settleAll, wholeLiveValue } from '../diff/index.ts'
import { ApplicationSetController, type SetWorld, type SetWrites } from '../generate/index.ts'
import type { ControlPlane, KubeClient } from '../live/index.ts'
import {
  type Application,
  type ApplicationSet,
  type KubeObject,
  matchesAny,
  messageOf,
  StageError,
} from '../model/index.ts'
import { projectInForce, refusal } from '../project/index.ts'
import { eventOf } from '../reconcile/event-of.ts'
import { NameQueue } from '../reconcile/queue.ts'
import type { ControllerSettings, Log } from '../reconcile/stages.ts'
import type { Sources } from '../source/sources.ts'
import { applicationSetSettings } from './application-set-settings.ts'

export interface ApplicationSetInputs {
  controlPlane: ControlPlane
  /** Of the cluster that the control namespace is in. */
  client: KubeClient
  sources: Sources
  jq: Jq
  settings: Pick<ControllerSettings, 'globalProjects'>
  clock: { now(): number }
  log: Log
}

export interface OpenApplicationSets extends Pick<ApplicationSetController, 'preview' | 'repositoryMoved'> {
  settingsChanged(): void
  /** A Secret of the control namespace, which may be that of a cluster. */
  secretChanged(name: string): void
  projectChanged(): void
  close(): Promise<void>
}

const fieldManager = 'argocd-applicationset-controller'
const inCluster = { server: 'https://kubernetes.default.svc', name: 'in-cluster' }
const kind = { group: 'argoproj.io', version: 'v1alpha1' }

export function openApplicationSets(inputs: ApplicationSetInputs): OpenApplicationSets {
  const { controlPlane, sources, jq, clock, log } = inputs
  const warn = (message: string) => log.warn({}, message)
  const readSettings = () => applicationSetSettings(controlPlane.settings('argocd-cmd-params-cm'), warn)
  let settings = readSettings()
  let clusters = knownClusters(controlPlane)
  const world: SetWorld = {
    inputs: {
      clusterSecrets: () => clusterSecrets(controlPlane),
      git: {
        async resolve(repoURL, revision, { set, notOlderThan, maxAgeMs, signal }) {
          requirePermitted(repoURL, set, inputs)
          const since = Math.max(notOlderThan, maxAgeMs === undefined ? 0 : Date.now() - maxAgeMs)
          const source = { repoURL, targetRevision: revision }
          return (await sources.resolve(source, { notOlderThan: since, signal })).revision
        },
        tree: (repoURL, commit, signal) => sources.tree({ repoURL }, commit, signal),
        newFileGlobbing: () => settings.newFileGlobbing,
      },
    },
    writes: writesOf(inputs),
    settings: () => settings,
    sets: () => controlPlane.applicationSets() as ApplicationSet[],
    faultOf: (application) => faultOf(application, inputs) ?? destinationFault(application, clusters),
    hasDestination: (application) => destinationFault(application, clusters) === undefined,
    async settleIgnored(live, wanted, rules) {
      const entries = rules.map((rule, index) => ({
        ...rule,
        group: 'argoproj.io',
        kind: 'Application',
        origin: `spec.ignoreApplicationDifferences[${index}]`,
      }))
      const key = { group: 'argoproj.io', kind: 'Application', namespace: '', name: live.metadata.name }
      const followed = [...compileRules(entries, jq).rulesFor(key)]
      return settleAll({ wanted, live }, { rules: followed, keep: wholeLiveValue })
    },
    openQueue: (options) => new NameQueue(options),
    clock,
    log,
  }
  const controller = new ApplicationSetController(world, controlPlane.applications())
  const stops = [
    controlPlane.onApplicationSets(({ type, applicationSet }) => {
      if (type === 'DELETED') controller.setGone(applicationSet as ApplicationSet)
      else controller.setChanged(applicationSet as ApplicationSet)
    }),
    controlPlane.onApplications(({ type, application }) => {
      if (type === 'DELETED') controller.applicationGone(application)
      else controller.applicationChanged(application)
    }),
  ]
  return {
    preview: (set) => controller.preview(set),
    repositoryMoved: (isMeant) => controller.repositoryMoved(isMeant),
    settingsChanged() {
      settings = readSettings()
      controller.generateAll()
    },
    secretChanged(name) {
      const known = knownClusters(controlPlane)
      const isCluster = controlPlane.secretsOfType('cluster').some(({ metadata }) => metadata.name === name)
      if (!isCluster && known.size === clusters.size) return
      clusters = known
      controller.generateAll()
    },
    projectChanged: () => controller.generateAll(),
    async close() {
      for (const stop of stops) stop()
      await controller.stop()
    },
  }
}

/** Throws where it is not known which there are: nobody may take that for none. */
function clusterSecrets(controlPlane: ControlPlane): KubeObject[] {
  const [problem] = controlPlane.problems().filter((one) => one.startsWith('Secret:'))
  if (problem) throw new StageError('live', `the clusters are not known: ${problem}`, { retry: true })
  return controlPlane.secretsOfType('cluster')
}

/** Addresses and names. */
function knownClusters(controlPlane: ControlPlane): Set<string> {
  const known = new Set<string>([inCluster.server, inCluster.name])
  for (const { metadata } of controlPlane.secretsOfType('cluster')) {
    const { server, name } = controlPlane.secret(metadata.name) ?? {}
    if (server) known.add(server)
    if (name) known.add(name)
  }
  return known
}

function destinationFault({ spec: { destination } }: Application, clusters: Set<string>): string | undefined {
  const { server, name } = destination
  const meant = server || name
  if (!meant) return 'spec.destination needs a server or a name, such as name: in-cluster'
  if (clusters.has(meant)) return undefined
  return `its destination cluster ${meant} is not known: register it, or correct spec.destination`
}

function faultOf(application: Application, { controlPlane, settings }: ApplicationSetInputs): string | undefined {
  const { namespace: controlNamespace } = controlPlane
  const { namespace = controlNamespace } = application.metadata
  const permitted = (controlPlane.settings('argocd-cmd-params-cm')['application.namespaces'] ?? '').split(',')
  const patterns = permitted.map((entry) => entry.trim())
  if (namespace !== controlNamespace && !matchesAny(patterns, namespace)) {
    return `nobody looks at applications of the namespace ${namespace}: add it to application.namespaces of argocd-cmd-params-cm`
  }
  const project = controlPlane.project(application.spec.project)
  if (!project) return `the project ${application.spec.project} does not exist: create the AppProject or name another`
  const inForce = projectInForce(project, { rules: settings.globalProjects, find: controlPlane.project })
  return refusal(inForce, { kind: 'application', namespace, controlNamespace })
}

/** Throws where the project of the set does not let it read the repository. */
function requirePermitted(repoURL: string, { metadata, spec }: ApplicationSet, inputs: ApplicationSetInputs): void {
  const { controlPlane, settings } = inputs
  const refused = (message: string) => new StageError('generate', message, { retry: false })
  const { project: name = 'default' } = spec.template.spec
  if (name.includes('{{')) {
    if (metadata.namespace === controlPlane.namespace) return
    throw refused(
      'the project of the template is not known before it is filled in: outside of the control namespace it has to be one project, so that it can permit the repository',
    )
  }
  const project = controlPlane.project(name)
  if (!project) throw refused(`the project ${name} does not exist: create the AppProject or name another`)
  const inForce = projectInForce(project, { rules: settings.globalProjects, find: controlPlane.project })
  const fault = refusal(inForce, { kind: 'source', repoURL })
  if (fault && !isRegisteredFor(name, repoURL, controlPlane)) throw refused(fault)
}

/** A repository that is registered for the project needs no entry in its sourceRepos. */
function isRegisteredFor(project: string, repoURL: string, controlPlane: ControlPlane): boolean {
  const plain = (url = '') => url.replace(/(\.git)?\/*$/, '')
  return controlPlane.secretsOfType('repository').some(({ metadata }) => {
    const record = controlPlane.secret(metadata.name)
    return record?.project === project && plain(record.url) === plain(repoURL)
  })
}

function writesOf({ controlPlane, client, clock, log }: ApplicationSetInputs): SetWrites {
  const { namespace: home } = controlPlane
  const placeOf = ({ kind: name, metadata }: KubeObject) => ({
    ...kind,
    kind: name,
    namespace: metadata.namespace ?? home,
    name: metadata.name,
  })
  const patchSet = async (set: ApplicationSet, patch: object, subresource?: string) => {
    const options = { type: 'merge', fieldManager, ...(subresource && { subresource }) } as const
    controlPlane.remember(await client.patch(placeOf(set), patch, options))
  }
  return {
    async createApplication(application) {
      const created = await client.create(application, { fieldManager })
      controlPlane.remember(created)
      return created as Application
    },
    async patchApplication(application, patch) {
      const answer = await client.patch(placeOf(application), patch, { type: 'merge', fieldManager })
      controlPlane.remember(answer)
      return answer as Application
    },
    async deleteApplication(application) {
      const { uid } = application.metadata
      const outcome = await client.delete(placeOf(application), { preconditions: { ...(uid && { uid }) } })
      if (outcome.state === 'terminating') controlPlane.remember(outcome.object)
      else controlPlane.forget(application)
    },
    patchSet: (set, patch) => patchSet(set, patch),
    patchStatus: (set, patch) => patchSet(set, patch, 'status'),
    record(set, occurrence) {
      const event = eventOf(set, occurrence, new Date(clock.now()))
      controlPlane.record({ ...event, source: { component: 'argocd-applicationset-controller' } }).catch((error) => {
        log.warn({ error: messageOf(error) }, 'an event could not be recorded')
      })
    },
  }
}
