/** What argocd-cm says about kinds, as the API shows it: by `group/Kind`, each part as the text that it is. Pure. */
import { dump, load } from 'js-yaml'

type Settings = Record<string, string>

export interface ResourceOverride {
  'health.lua'?: string
  'health.lua.useOpenLibs'?: boolean
  actions?: string
  ignoreDifferences?: string
  ignoreResourceUpdates?: string
  knownTypeFields?: { field?: string; type?: string }[]
}

const prefix = 'resource.customizations'

/** What cannot be read is left out. */
export function resourceOverrides(settings: Settings): Record<string, ResourceOverride> {
  const overrides = new Map(Object.entries(together(settings)))
  for (const [key, text] of Object.entries(settings)) {
    const [, part = '', kind = ''] = /^resource\.customizations\.([^.]+)\.(.+)$/.exec(key) ?? []
    const read = readers[part]
    if (!read) continue
    const name = kind === 'all' ? '*/*' : kind.replace('_', '/')
    overrides.set(name, { ...overrides.get(name), ...read(text) })
  }
  for (const kind of statusIgnoredOf(settings)) overrides.set(kind, withoutStatus(overrides.get(kind)))
  return Object.fromEntries(overrides)
}

const readers: Record<string, (text: string) => ResourceOverride> = {
  health: (text) => ({ 'health.lua': text }),
  useOpenLibs: (text) => ({ 'health.lua.useOpenLibs': /^(1|t|true)$/i.test(text) }),
  actions: (actions) => ({ actions }),
  ignoreDifferences: (ignoreDifferences) => ({ ignoreDifferences }),
  ignoreResourceUpdates: (ignoreResourceUpdates) => ({ ignoreResourceUpdates }),
  knownTypeFields(text) {
    const fields = readYaml(text)
    return Array.isArray(fields) ? { knownTypeFields: fields.map(({ field, type }) => ({ field, type })) } : {}
  },
}

/** All in one key, as it was first. */
function together(settings: Settings): Record<string, ResourceOverride> {
  const all = readYaml(settings[prefix] ?? '')
  if (typeof all !== 'object' || all === null) return {}
  return Object.fromEntries(Object.entries(all).map(([kind, given]) => [kind, knownParts(given)]))
}

function knownParts(given: unknown): ResourceOverride {
  const { actions, ignoreDifferences, ignoreResourceUpdates, ...rest } = Object(given) as ResourceOverride
  return {
    ...(rest['health.lua'] && { 'health.lua': rest['health.lua'] }),
    ...(rest['health.lua.useOpenLibs'] && { 'health.lua.useOpenLibs': true }),
    ...(actions && { actions }),
    ...(ignoreDifferences && { ignoreDifferences }),
    ...(ignoreResourceUpdates && { ignoreResourceUpdates }),
  }
}

/** Whose status is not compared. */
function statusIgnoredOf(settings: Settings): string[] {
  const options = readYaml(settings['resource.compareoptions'] ?? '')
  const { ignoreResourceStatusField: field } = Object(options) as { ignoreResourceStatusField?: unknown }
  if (field === 'crd') return ['apiextensions.k8s.io/CustomResourceDefinition']
  return ['none', 'off', 'false', false].includes(field as string) ? [] : ['*/*']
}

function withoutStatus(override: ResourceOverride = {}): ResourceOverride {
  const rule = Object(readYaml(override.ignoreDifferences ?? '')) as { jsonPointers?: string[] }
  const jsonPointers = [...(rule.jsonPointers ?? []), '/status']
  return { ...override, ignoreDifferences: dump({ ...rule, jsonPointers }) }
}

function readYaml(text: string): unknown {
  try {
    return load(text)
  } catch {
    return undefined
  }
}
