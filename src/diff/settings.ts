/** What argocd-cm and argocd-cmd-params-cm say about comparing. Pure. */
import { load } from 'js-yaml'
import { customizationsOf, listAnnotation, messageOf, parseDuration } from '../model/index.ts'
import type { RuleEntry } from './ignore/rules.ts'

export interface DiffSettings {
  /** For every application. */
  ignoreDifferences: RuleEntry[]
  /** Changes of these fields alone are no reason to look at an application. */
  ignoreUpdates: RuleEntry[]
  /** How long one jq expression may take with one object. */
  jqTimeoutMs: number
  /** Annotations of Secrets that are shown masked. */
  maskedAnnotations: string[]
}

export interface SettingsTexts {
  /** The data of argocd-cm. */
  settings: Record<string, string>
  /** The data of argocd-cmd-params-cm. */
  parameters?: Record<string, string>
  env?: Record<string, string | undefined>
}

const timeoutKey = 'ignore.normalizer.jq.timeout'
/** As Argo CD's own manifests name it. */
const parameterKey = `controller.${timeoutKey}`

/** A value that cannot be understood is reported, and counts as not set. */
export function diffSettings(texts: SettingsTexts, warn: (message: string) => void): DiffSettings {
  const { settings, parameters = {}, env = {} } = texts
  const timeout =
    parameters[parameterKey] ||
    parameters[timeoutKey] ||
    settings[timeoutKey] ||
    env.ARGOCD_IGNORE_NORMALIZER_JQ_TIMEOUT
  const jqTimeoutMs = timeout ? parseDuration(timeout) : undefined
  if (timeout && !jqTimeoutMs)
    warn(`${timeoutKey} is ${JSON.stringify(timeout)}, which is no duration such as 2s: 1s counts`)
  const ignoreDifferences = entries('ignoreDifferences', settings, warn)
  const updates = entries('ignoreResourceUpdates', settings, warn)
  if (compareOptions(settings, warn).ignoreDifferencesOnResourceUpdates !== false) updates.push(...ignoreDifferences)
  return {
    ignoreDifferences,
    ignoreUpdates: ignoresUpdates(settings) ? updates : [],
    jqTimeoutMs: jqTimeoutMs || 1000,
    maskedAnnotations: listAnnotation(settings['resource.sensitive.mask.annotations']),
  }
}

function ignoresUpdates(settings: Record<string, string>): boolean {
  return settings['resource.ignoreResourceUpdatesEnabled'] !== 'false'
}

/** Of `resource.compareoptions` only this is a choice here; docs/diff.md says why. */
function compareOptions(
  settings: Record<string, string>,
  warn: (message: string) => void,
): { ignoreDifferencesOnResourceUpdates?: unknown } {
  try {
    return (load(settings['resource.compareoptions'] || '{}') as object | null) ?? {}
  } catch (error) {
    warn(`resource.compareoptions of argocd-cm is no YAML, and does not count: ${messageOf(error)}`)
    return {}
  }
}

/** Rules for the kinds that a key of argocd-cm names; `all` is for every kind. */
function entries(
  what: 'ignoreDifferences' | 'ignoreResourceUpdates',
  settings: Record<string, string>,
  warn: (message: string) => void,
): RuleEntry[] {
  return customizationsOf(what, settings, warn).flatMap(({ key, pattern, text }) => {
    const lists = readLists(key, text, warn)
    const slash = pattern.indexOf('/')
    const [group, kind] =
      pattern === 'all' ? ['*', '*'] : [pattern.slice(0, Math.max(slash, 0)), pattern.slice(slash + 1)]
    return lists ? [{ ...lists, origin: key, group, kind }] : []
  })
}

const listNames = ['jsonPointers', 'jqPathExpressions', 'managedFieldsManagers'] as const

type Lists = { [name in (typeof listNames)[number]]?: string[] }

function readLists(key: string, text: string, warn: (message: string) => void): Lists | undefined {
  let value: unknown
  try {
    value = load(text)
  } catch (error) {
    warn(`${key} of argocd-cm is no YAML, and is left out: ${messageOf(error)}`)
    return undefined
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    warn(`${key} of argocd-cm is left out: it has none of ${listNames.join(', ')}`)
    return undefined
  }
  const lists: Lists = {}
  for (const [name, list] of Object.entries(value)) {
    const known = listNames.find((one) => one === name)
    if (known && isTexts(list ?? [])) lists[known] = list ?? []
    else warn(`${key} of argocd-cm: ${name} is left out: there are ${listNames.join(', ')}, each a list of texts`)
  }
  return lists
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
