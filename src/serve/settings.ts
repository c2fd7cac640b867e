/** What an installation can set: argocd-cm first, then the environment, then Argo CD's defaults. */
import { load } from 'js-yaml'
import { diffSettings } from '../diff/index.ts'
import type { LiveSettings, ResourceFilter } from '../live/index.ts'
import { defaultTracking, messageOf, parseDuration, type Tracking } from '../model/index.ts'
import { type GlobalProjectRule, readGlobalProjects } from '../project/index.ts'
import type { ControllerSettings } from '../reconcile/stages.ts'

const seconds = 1000

/** What an installation has set: the data of two ConfigMaps, and the environment. */
export interface SettingsTexts {
  /** argocd-cm. */
  settings: Record<string, string>
  /** argocd-cmd-params-cm. */
  parameters: Record<string, string>
  env: Record<string, string | undefined>
}

/** A value that cannot be read is reported and the default used. */
export function controllerSettings(texts: SettingsTexts, warn: (message: string) => void): ControllerSettings {
  const { settings, parameters, env } = texts
  const setting = (key: string) => settings[key]
  function duration(key: string, text: string | undefined, otherwise: number): number {
    if (text === undefined || text === '') return otherwise
    const ms = parseDuration(text)
    if (ms === undefined)
      warn(`${key} is ${JSON.stringify(text)}, which is no duration such as 120s: the default counts`)
    return ms ?? otherwise
  }
  function number(key: string, text: string | undefined, otherwise: number): number {
    const value = Number(text?.trim() || otherwise)
    if (value >= 0 && value < Number.POSITIVE_INFINITY) return value
    warn(`${key} is ${JSON.stringify(text)}, which is no number such as ${otherwise}: that counts`)
    return otherwise
  }
  const fromMap = (key: string, otherwise: number) => duration(key, setting(key), otherwise)
  return {
    pollIntervalMs: fromMap('timeout.reconciliation', 120 * seconds),
    jitterMs: fromMap('timeout.reconciliation.jitter', 60 * seconds),
    hardPollIntervalMs: fromMap('timeout.hard.reconciliation', 0),
    concurrency: 20,
    syncWaveDelayMs: duration(
      'ARGOCD_SYNC_WAVE_DELAY',
      env.ARGOCD_SYNC_WAVE_DELAY ?? parameters['controller.sync.wave.delay.seconds'],
      2 * seconds,
    ),
    syncTimeoutMs: duration('controller.sync.timeout.seconds', parameters['controller.sync.timeout.seconds'], 0),
    selfHealBackoff: selfHealBackoff((key, otherwise) => number(key, parameters[key], otherwise)),
    failureBackoff: { firstMs: 180 * seconds, factor: 2, capMs: 3600 * seconds },
    diff: diffSettings(texts, warn),
    tracking: trackingSettings(setting, warn),
    impersonation: impersonation(setting),
    globalProjects: globalProjects(setting('globalProjects'), warn),
    valuesFileSchemes: listOf(setting('helm.valuesFileSchemes') ?? 'https,http'),
  }
}

/** A pause that always is the same is for who has switched the growing one off. Without any, healing would be all there is. */
function selfHealBackoff(number: (key: string, otherwise: number) => number): ControllerSettings['selfHealBackoff'] {
  const backoff = 'controller.self.heal.backoff'
  const growingFrom = number(`${backoff}.timeout.seconds`, 2)
  const first = Math.max(1, growingFrom || number('controller.self.heal.timeout.seconds', 0))
  if (growingFrom === 0) return { firstMs: first * seconds, factor: 1, capMs: first * seconds }
  const cap = Math.max(first, number(`${backoff}.cap.seconds`, 300))
  return { firstMs: first * seconds, factor: Math.max(1, number(`${backoff}.factor`, 3)), capMs: cap * seconds }
}

function listOf(text: string): string[] {
  return text.split(',').flatMap((part) => part.trim().toLowerCase() || [])
}

function impersonation(setting: (key: string) => string | undefined): ControllerSettings['impersonation'] {
  if (setting('application.sync.impersonation.enabled') !== 'true') return 'off'
  return setting('application.sync.impersonation.enforced') === 'false' ? 'where named' : 'always'
}

const methods: readonly Tracking['method'][] = ['annotation', 'label', 'annotation+label']

function trackingSettings(setting: (key: string) => string | undefined, warn: (message: string) => void): Tracking {
  const text = setting('application.resourceTrackingMethod')?.trim() || defaultTracking.method
  const method = methods.find((one) => one === text)
  if (!method)
    warn(`application.resourceTrackingMethod is ${text}, which is none of ${methods.join(', ')}: annotation counts`)
  return {
    method: method ?? defaultTracking.method,
    labelKey: setting('application.instanceLabelKey')?.trim() || defaultTracking.labelKey,
    installationId: setting('installationID')?.trim() ?? '',
  }
}

function globalProjects(text: string | undefined, warn: (message: string) => void): GlobalProjectRule[] {
  try {
    return readGlobalProjects(text?.trim() ? load(text) : undefined)
  } catch (error) {
    warn(`globalProjects of argocd-cm cannot be read, so there are none: ${messageOf(error)}`)
    return []
  }
}

/** What is watched; without the keys, what an installation leaves alone by default. */
export function liveSettings(
  setting: (key: string) => string | undefined,
  warn: (message: string) => void,
): Partial<LiveSettings> {
  const exclusions = filters('resource.exclusions', setting, warn)
  const inclusions = filters('resource.inclusions', setting, warn)
  return { ...(exclusions && { exclusions }), ...(inclusions && { inclusions }) }
}

function filters(
  key: string,
  setting: (key: string) => string | undefined,
  warn: (message: string) => void,
): ResourceFilter[] | undefined {
  const text = setting(key)
  if (text === undefined) return undefined
  try {
    const value = text.trim() === '' ? [] : load(text)
    if (Array.isArray(value) && value.every(isFilter)) return value
    warn(`${key} is no list of apiGroups, kinds and clusters: the default counts`)
  } catch (error) {
    warn(`${key} cannot be read: ${messageOf(error)}: the default counts`)
  }
  return undefined
}

function isFilter(value: unknown): value is ResourceFilter {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).every(
    ([name, globs]) =>
      ['apiGroups', 'kinds', 'clusters'].includes(name) &&
      Array.isArray(globs) &&
      globs.every((glob) => typeof glob === 'string'),
  )
}
