/** Notifications over the stages: settings as they are now, commits from sources, drift from the last look. */
import { labelSelector } from '../api/label-selector.ts'
import type { ControlPlane } from '../live/index.ts'
import { type Application, describeKey, instanceName, sourcesOf } from '../model/index.ts'
import {
  attemptLimitMs,
  type DriftLine,
  type NotificationSettings,
  type Notifier,
  openCourier,
  readConfiguration,
  startNotifier,
} from '../notify/index.ts'
import type { Controller } from '../reconcile/controller.ts'
import type { Log } from '../reconcile/stages.ts'
import type { Share } from '../replica/index.ts'
import { isLocalIp } from '../source/repository-address.ts'
import type { Sources } from '../source/sources.ts'
import type { Tracer } from '../trace/index.ts'
import type { Metrics } from './metrics.ts'

export interface NotifierInputs {
  controlPlane: ControlPlane
  controller: Pick<Controller, 'lastObservation'>
  /** undefined: nobody else sends notifications. */
  share: Share | undefined
  sources: Pick<Sources, 'forProject'>
  allowLocal: boolean
  /** PEM of those that are trusted for an address. */
  authoritiesOf(url: string): string | undefined
  env: Readonly<Record<string, string | undefined>>
  tracer: Tracer
  log: Log
  metrics: Pick<Metrics, 'notified' | 'evaluated'>
}

export interface OpenNotifier extends Notifier {
  /** The ConfigMap or the Secret has changed. */
  reconfigure(): void
  /** The settings of Tiphys itself have changed, among which the address of the page is. */
  settingsChanged(): void
  lookAtProject(name: string): void
}

const map = 'argocd-notifications-cm'
export const notificationsSecret = 'argocd-notifications-secret'
/** Of one request. */
const timeLimitMs = 10_000
/** Recording what is sent takes time as well. */
const othersMs = attemptLimitMs + 15_000

export function openNotifier(inputs: NotifierInputs): OpenNotifier {
  const { controlPlane, controller, share, sources, allowLocal, authoritiesOf, env, tracer, log, metrics } = inputs
  let url: string
  let settings = read()

  function read(): NotificationSettings {
    url = controlPlane.setting('url') ?? ''
    const found = readConfiguration({
      map: controlPlane.settings(map),
      secret: controlPlane.secret(notificationsSecret) ?? {},
      url,
    })
    for (const problem of found.problems) log.warn({}, problem)
    return found
  }

  const notifier = startNotifier({
    namespace: controlPlane.namespace,
    application: controlPlane.application,
    applications: controlPlane.applications,
    isOurs: (instance) => share?.isOurs(instance) ?? true,
    ...(share && { othersMs }),
    project: controlPlane.project,
    patch: controlPlane.patch,
    settings: () => settings,
    matches: (selector, labels) => labelSelector(selector)(labels),
    commit: (application, revision) => commitOf(application, revision, sources),
    drift: (instance) => driftOf(instance, controller),
    courier: openCourier({ isRefused: (ip) => !allowLocal && isLocalIp(ip), timeLimitMs, authoritiesOf, env }),
    tracer,
    log,
    observer: { delivered: metrics.notified, evaluated: metrics.evaluated },
  })
  function reconfigure(): void {
    settings = read()
    notifier.lookAtAll()
  }

  const stopListening = controlPlane.onApplications(({ type, application }) => {
    if (type !== 'DELETED') notifier.look(instanceName(application, controlPlane.namespace))
  })
  const stopSharing = share?.onChange(notifier.lookAtAll)
  return {
    ...notifier,
    lookAtProject(name) {
      for (const application of controlPlane.applications()) {
        if (application.spec.project === name) notifier.look(instanceName(application, controlPlane.namespace))
      }
    },
    async close() {
      stopListening()
      stopSharing?.()
      await notifier.close()
    },
    reconfigure,
    settingsChanged() {
      if ((controlPlane.setting('url') ?? '') !== url) reconfigure()
    },
  }
}

async function commitOf({ spec, metadata }: Application, revision: string, sources: Pick<Sources, 'forProject'>) {
  const [source] = sourcesOf(spec)
  const commit = source && (await sources.forProject(spec.project).commit(source, revision))
  if (!commit) throw new Error(`the source of ${metadata.name} has no commits`)
  const { message, author, date, tags } = commit
  return { message, author, date: new Date(date), tags: tags ?? [] }
}

const mostLines = 10

function driftOf(instance: string, controller: Pick<Controller, 'lastObservation'>): DriftLine[] {
  const lines = (controller.lastObservation(instance)?.resources ?? []).flatMap(({ key, verdict }): DriftLine[] => {
    if (verdict?.kind !== 'changed') return []
    return verdict.fields.map(({ path, author }) => ({
      object: describeKey(key),
      field: path,
      ...(author && { by: author.manager }),
      ...(author?.time && { at: author.time }),
    }))
  })
  return lines.slice(0, mostLines)
}
