/** ApplicationSets over the stages: settings as they are now, what happens told on, writes known at once. */
import type { Clusters } from '../clusters/index.ts'
import { compileRules, type Jq, settleAll, wholeLiveValue } from '../diff/index.ts'
import { ApplicationSetController, type SetWorld, type SetWrites } from '../generate/index.ts'
import type { ControlPlane, KubeClient } from '../live/index.ts'
import {
  type Application,
  type ApplicationSet,
  annotation,
  type KubeObject,
  matchesAny,
  messageOf,
} from '../model/index.ts'
import { projectInForce, refusal } from '../project/index.ts'
import { eventOf } from '../reconcile/event-of.ts'
import { NameQueue } from '../reconcile/queue.ts'
import type { ControllerSettings, Log } from '../reconcile/stages.ts'
import type { Share } from '../replica/index.ts'
import { type DownloaderOptions, openDownloader } from '../source/download.ts'
import type { Sources } from '../source/sources.ts'
import type { Tracer } from '../trace/index.ts'
import { applicationSetSettings } from './application-set-settings.ts'
import { openGeneratorInputs } from './generator-inputs.ts'

export interface ApplicationSetInputs {
  controlPlane: ControlPlane
  /** Of the cluster that the control namespace is in. */
  client: KubeClient
  sources: Sources
  clusters: Pick<Clusters, 'fault'>
  authoritiesOf: DownloaderOptions['authoritiesOf']
  allowLocal: boolean
  jq: Jq
  settings: Pick<ControllerSettings, 'globalProjects'>
  /** undefined: nobody else looks after sets. */
  share: Share | undefined
  clock: { now(): number }
  tracer: Tracer
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
const kind = { group: 'argoproj.io', version: 'v1alpha1' }

export function openApplicationSets(inputs: ApplicationSetInputs): OpenApplicationSets {
  const { controlPlane, clusters, allowLocal, authoritiesOf, jq, clock, tracer, log, share } = inputs
  const warn = (message: string) => log.warn({}, message)
  const readSettings = () => applicationSetSettings(controlPlane.settings('argocd-cmd-params-cm'), warn)
  let settings = readSettings()
  let clusterSecrets = namesOfClusterSecrets(controlPlane)
  const downloader = openDownloader({ allowLocal, tracer, ...(authoritiesOf && { authoritiesOf }) })
  const generatorInputs = openGeneratorInputs({ ...inputs, downloader, parameters: () => settings })
  const world: SetWorld = {
    inputs: generatorInputs,
    writes: writesOf(inputs),
    isOurs: (set) => share?.isOurs(`ApplicationSet ${set}`) ?? true,
    askOwner: (set) => askOwner(set, inputs),
    settings: () => settings,
    sets: () => controlPlane.applicationSets() as ApplicationSet[],
    faultOf: (application) => faultOf(application, inputs) ?? unknownCluster(application, clusters),
    hasDestination: (application) => unknownCluster(application, clusters) === undefined,
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
    tracer,
    log,
  }
  const controller = new ApplicationSetController(world, controlPlane.applications())
  const stops = [
    share?.onChange(() => controller.generateAll()) ?? (() => {}),
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
      const before = clusterSecrets
      clusterSecrets = namesOfClusterSecrets(controlPlane)
      if (!before.has(name) && !clusterSecrets.has(name)) return
      controller.generateAll()
    },
    projectChanged: () => controller.generateAll(),
    async close() {
      for (const stop of stops) stop()
      await controller.stop()
      await downloader.close()
    },
  }
}

function namesOfClusterSecrets(controlPlane: ControlPlane): Set<string> {
  return new Set(controlPlane.secretsOfType('cluster').map(({ metadata }) => metadata.name))
}

/** One that only cannot be used now is not gone. */
function unknownCluster({ spec }: Application, clusters: Pick<Clusters, 'fault'>): string | undefined {
  const fault = clusters.fault(spec.destination)
  return fault?.kind === 'unknown' ? fault.message : undefined
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

/** By the annotation, which everybody sees. */
function askOwner({ metadata }: ApplicationSet, { controlPlane, client, log }: ApplicationSetInputs): void {
  const target = {
    ...kind,
    kind: 'ApplicationSet',
    namespace: metadata.namespace ?? controlPlane.namespace,
    name: metadata.name,
  }
  const patch = { metadata: { annotations: { [annotation.applicationSetRefresh]: 'true' } } }
  void client.patch(target, patch, { type: 'merge', fieldManager }).then(controlPlane.remember, (error: unknown) => {
    log.warn({ error: messageOf(error) }, 'whoever looks after the ApplicationSet could not be told')
  })
}

function writesOf({ controlPlane, client: direct, clock, log, share }: ApplicationSetInputs): SetWrites {
  const { namespace: home } = controlPlane
  const lost = 'this replica has lost its Lease: others go on with the ApplicationSet'
  const client = share ? direct.guarded(() => (share.holder() === undefined ? lost : undefined)) : direct
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
