/** The image updater over the stages: settings and Secrets as they are now, registries reached as repositories are. */
import { connectionOf } from '../api/repositories/connection-of.ts'
import type { RegisteredConnections } from '../api/repositories/registered-connections.ts'
import { readFields } from '../api/repositories/repository-fields.ts'
import {
  type ApplicationImages,
  type Assignment,
  applicationImages,
  assignmentOf,
  type ImageUpdater,
  imagePrefix,
  openImageRegistries,
  startImageUpdater,
  type UpdaterSettings,
  updaterStatus,
  type WrittenUpdates,
} from '../image/index.ts'
import { isConflict } from '../kube/kube-error.ts'
import { decodedSecret, type KubeClient } from '../live/index.ts'
import {
  type Application,
  type ImageUpdaterObject,
  imageUpdaterGroup,
  instanceName,
  type KubeObject,
  messageOf,
  parseDuration,
} from '../model/index.ts'
import { refusal } from '../project/index.ts'
import { selects } from '../project/label-selector.ts'
import type { Controller } from '../reconcile/controller.ts'
import { eventOf } from '../reconcile/event-of.ts'
import { applicationRefusals, missingProject, projectOf } from '../reconcile/project.ts'
import type { Stages } from '../reconcile/stages.ts'
import type { Share } from '../replica/index.ts'
import { type ImagePushes, openImagePushes } from './image-pushes.ts'
import type { Metrics } from './metrics.ts'

export interface ImageUpdaterInputs {
  stages: Stages
  controller: Pick<Controller, 'look' | 'sourcesMoved'>
  registered: Pick<RegisteredConnections, 'find' | 'trusting' | 'authoritiesOf'>
  /** Of the cluster that the control namespace is in. */
  client: KubeClient
  allowLocal: boolean
  env: Record<string, string | undefined>
  metrics: Pick<Metrics, 'imagesUpdated' | 'imageFailed'>
  /** Absent: all images are this process's. One process has them all, since one commit may be for many applications. */
  share: Share | undefined
}

export interface OpenImageUpdater {
  updater: ImageUpdater
  /** A registry has told of a push, to this process or to another. */
  imagePushed: ImagePushes['pushed']
  /** What is known of the images of an application, whoever looks after it; `ask`: of its registries too. */
  imagesOf(application: Application, options: { ask: boolean }): Promise<ApplicationImages>
  /** The ConfigMap has changed. */
  reconfigure(): void
  /** An ImageUpdater has changed. */
  updaterChanged(name: string): void
  close(): Promise<void>
}

export const imageUpdaterSettings = 'argocd-image-updater-config'
const map = imageUpdaterSettings
const usualIntervalMs = 120_000
const author = { name: 'tiphys', email: 'noreply@tiphys.dev' }

export function openImageUpdater(inputs: ImageUpdaterInputs): OpenImageUpdater {
  const { stages, controller, registered, client, allowLocal, env, metrics, share } = inputs
  const { controlPlane, log, sources } = stages
  const { namespace } = controlPlane
  const instanceOf = (application: Application) => instanceName(application, namespace)
  const registries = openImageRegistries({
    allowLocal,
    authoritiesOf: registered.authoritiesOf,
    clock: Date,
    tracer: stages.tracer,
  })
  const updaters = () => controlPlane.imageUpdaters() as ImageUpdaterObject[]
  let assignments = new WeakMap<Application, { assignment: Assignment | undefined }>()
  const specs = new Map<string, string>()
  warnOfWhatIsNotRead()

  /** Of one version of an application it is found out once. */
  function assignment(application: Application): Assignment | undefined {
    const found = assignments.get(application) ?? {
      assignment: assignmentOf(application, updaters(), (selector, labels) => selects(selector as never, labels)),
    }
    assignments.set(application, found)
    return found.assignment
  }
  const areOurs = () => share?.isOurs('images') ?? true
  const rulesOf = (application: Application) => (areOurs() ? assignment(application)?.rules : undefined)

  async function writeStatuses(written: WrittenUpdates[]): Promise<void> {
    if (!areOurs()) return
    for (const object of updaters()) {
      const { name } = object.metadata
      const isOwn = (application: Application) => assignment(application)?.updater?.metadata.name === name
      const reports = controlPlane
        .applications()
        .filter(isOwn)
        .flatMap((application) => updater.report(instanceOf(application)) ?? [])
      const updates = written.filter(({ application }) => isOwn(application)).flatMap((one) => one.updates)
      const status = updaterStatus(object, { reports, updates, now: new Date() })
      if (!status) continue
      const target = { group: imageUpdaterGroup, version: 'v1alpha1', kind: 'ImageUpdater', namespace, name }
      try {
        controlPlane.remember(await client.patch(target, { status }, { type: 'merge', subresource: 'status' }))
      } catch (error) {
        log.warn({ imageUpdater: name, error: messageOf(error) }, 'the status of an ImageUpdater could not be written')
      }
    }
  }

  function warnOfWhatIsNotRead(): void {
    if (controlPlane.settings(map)['registries.conf']?.trim())
      log.warn({}, `registries.conf of ${map} is not read: register the registries as repositories of type oci`)
  }

  function readSecret(home: string, name: string): Promise<KubeObject | undefined> {
    if (home === namespace) return Promise.resolve(controlPlane.storedSecret(name))
    return client.get({ group: '', version: 'v1', kind: 'Secret', namespace: home, name })
  }

  function settings(): UpdaterSettings {
    const given = controlPlane.settings(map)
    return {
      intervalMs: parseDuration(given.interval?.trim() ?? '') || usualIntervalMs,
      author: { name: given['git.user']?.trim() || author.name, email: given['git.email']?.trim() || author.email },
      template: given['git.commit-message-template'] ?? '',
    }
  }

  function refusalOf(application: Application, repoURL: string): string | undefined {
    const project = projectOf(application, stages)
    if (!project) return missingProject(application)
    const [whole] = applicationRefusals(project, application, { controlNamespace: namespace, cluster: undefined })
    return whole ?? refusal(project, { kind: 'source', repoURL })
  }

  const updater = startImageUpdater({
    applications: controlPlane.applications,
    application: controlPlane.application,
    instanceOf,
    controlNamespace: namespace,
    rulesOf,
    registries,
    connectionOf: ({ registry, repository }, project) =>
      registered.find(`${registry}/${repository}`, project).connection,
    readSecret,
    environment: (name) => {
      const names = (controlPlane.settings(map)['env.names'] ?? '').split(',').map((one) => one.trim())
      return names.includes(name) ? env[name] : undefined
    },
    sourcesOf: sources.forProject,
    refusal: refusalOf,
    connectionFrom: (secret, repoURL) =>
      registered.trusting(repoURL, connectionOf({ ...readFields('repository', decodedSecret(secret)), repo: repoURL })),
    async patch(instance, patch) {
      try {
        await controlPlane.patch(instance, patch)
      } catch (error) {
        if (!isConflict(error)) throw error
        await controlPlane.reread(instance)
        return 'overtaken'
      }
      // What is our own write is told to nobody.
      controller.look(instance)
      return 'written'
    },
    pushed: (instances) => controller.sourcesMoved(instances),
    async record(application, { reason, type, message }) {
      const component = 'argocd-image-updater'
      await controlPlane.record(eventOf(application, { reason, type, message, component }, new Date()))
    },
    looked: writeStatuses,
    settings,
    clock: Date,
    tracer: stages.tracer,
    log,
    observer: { updated: metrics.imagesUpdated, failed: metrics.imageFailed },
  })

  const pushes = openImagePushes({
    controlPlane,
    instanceOf,
    imagesOf: (application) => assignment(application)?.rules.images.map(({ image }) => image) ?? [],
    areOurs,
    lookAnew: (instance) => updater.lookAnew(instance),
    clock: Date,
    log,
  })

  const known = new Map<string, string>()
  const stopListening = controlPlane.onApplications(({ type, application }) => {
    const instance = instanceOf(application)
    if (type !== 'DELETED') pushes.heed(application)
    const asked = type === 'DELETED' || !rulesOf(application) ? '' : askedFor(application)
    if (asked === (known.get(instance) ?? '')) return
    if (asked === '') known.delete(instance)
    else known.set(instance, asked)
    updater.look(instance)
  })

  const stopSharing = share?.onChange(() => {
    updater.reconfigure()
    for (const application of controlPlane.applications()) pushes.heed(application)
  })

  return {
    updater,
    imagePushed: pushes.pushed,
    async imagesOf(application, { ask }) {
      const instance = instanceOf(application)
      const found = assignment(application)
      const findings = ask && found ? await updater.preview(application, found.rules) : undefined
      const asked = findings && { asked: { findings, at: Date.now() } }
      return applicationImages({
        application,
        instance,
        assignment: found,
        report: updater.report(instance),
        ...asked,
      })
    },
    reconfigure() {
      warnOfWhatIsNotRead()
      updater.reconfigure()
    },
    updaterChanged(name) {
      const spec = JSON.stringify(updaters().find(({ metadata }) => metadata.name === name)?.spec)
      // Its status is our own doing.
      if (specs.get(name) === spec) return
      specs.set(name, spec)
      assignments = new WeakMap()
      updater.reconfigure()
    },
    async close() {
      stopListening()
      stopSharing?.()
      await updater.close()
      await registries.close()
    },
  }
}

/** What decides about the images of an application: its annotations, and what it runs. */
function askedFor({ metadata, status }: Application): string {
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => key.startsWith(imagePrefix))
  return JSON.stringify([annotations, status?.summary?.images, status?.sourceType, status?.sourceTypes])
}
