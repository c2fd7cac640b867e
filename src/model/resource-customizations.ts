/** What argocd-cm says about kinds: the keys `resource.customizations.<what>.<group>_<kind>`, and the one key for all. */
import { load } from 'js-yaml'
import { matchesGlob } from './glob.ts'
import { groupOf, type KubeObject } from './kube-object.ts'
import { messageOf } from './stage-error.ts'

export interface ResourceCustomization {
  /** Where it stands in argocd-cm, for messages. */
  key: string
  /** `group/Kind`, or `Kind` in the core group; in the one key for all with wildcards, which match slashes too. */
  pattern: string
  text: string
  /** Of `useOpenLibs`. */
  openLibraries: boolean
}

type Settings = Record<string, string>

const prefix = 'resource.customizations'
const legacyFields = {
  health: 'health.lua',
  actions: 'actions',
  ignoreDifferences: 'ignoreDifferences',
  ignoreResourceUpdates: 'ignoreResourceUpdates',
} as const

/** In the order in which they count. What cannot be read is reported, and the rest counts. */
export function customizationsOf(
  what: keyof typeof legacyFields,
  settings: Settings,
  warn: (message: string) => void,
): ResourceCustomization[] {
  const found = new Map<string, ResourceCustomization>()
  for (const entry of [...legacy(what, settings, warn), ...separate(what, settings, warn)]) {
    if (entry.text.trim() !== '') found.set(entry.pattern, entry)
  }
  return [...found.values()].sort(byPrecision)
}

function separate(what: string, settings: Settings, warn: (message: string) => void): ResourceCustomization[] {
  const start = `${prefix}.${what}.`
  return Object.entries(settings).flatMap(([key, text]) => {
    if (!key.startsWith(start)) return []
    const groupKind = key.slice(start.length)
    const parts = groupKind.split('_')
    if (parts.length > 2 || parts.includes('')) {
      warn(`argocd-cm: ${key} names no kind: it has to end in <group>_<kind>, or in <kind> for the core group`)
      return []
    }
    const open = booleanOf(`${prefix}.useOpenLibs.${groupKind}`, settings, warn)
    return [{ key, pattern: parts.join('/'), text, openLibraries: open }]
  })
}

function booleanOf(key: string, settings: Settings, warn: (message: string) => void): boolean {
  const text = settings[key]
  if (text === undefined) return false
  if (!/^(true|false|t|f|1|0)$/i.test(text)) warn(`argocd-cm: ${key} is ${JSON.stringify(text)}: write true or false`)
  return /^(true|t|1)$/i.test(text)
}

function legacy(
  what: keyof typeof legacyFields,
  settings: Settings,
  warn: (message: string) => void,
): ResourceCustomization[] {
  const text = settings[prefix]
  if (text === undefined) return []
  const kinds = mapOf(prefix, text, warn)
  const field = legacyFields[what]
  return Object.entries(kinds).flatMap(([pattern, value]) => {
    const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
    const script = fields[field]
    if (script === undefined) return []
    const key = `${prefix} (${pattern}: ${field})`
    if (typeof script !== 'string') {
      warn(`argocd-cm: ${key} is no text: begin it with "|"`)
      return []
    }
    return [{ key, pattern, text: script, openLibraries: fields['health.lua.useOpenLibs'] === true }]
  })
}

function mapOf(key: string, text: string, warn: (message: string) => void): object {
  try {
    const value = text.trim() === '' ? {} : load(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
    warn(`argocd-cm: ${key} is no map of kinds such as "example.com/Widget:"; it is left out`)
  } catch (error) {
    warn(`argocd-cm: ${key} cannot be read, and is left out: ${messageOf(error)}`)
  }
  return {}
}

/** A kind by its name before wildcards; of wildcards the longer one, where Argo CD takes any. */
function byPrecision(a: ResourceCustomization, b: ResourceCustomization): number {
  const wild = Number(isWild(a.pattern)) - Number(isWild(b.pattern))
  return wild || b.pattern.length - a.pattern.length || (a.pattern < b.pattern ? -1 : 1)
}

function isWild(pattern: string): boolean {
  return /[*?[{]/.test(pattern)
}

/** The first that is for the kind of this object. */
export function customizationFor<Customization extends Pick<ResourceCustomization, 'pattern'>>(
  { apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>,
  customizations: Customization[],
): Customization | undefined {
  const group = groupOf(apiVersion)
  const name = group === '' ? kind : `${group}/${kind}`
  return customizations.find(({ pattern }) => matchesGlob(pattern, name))
}
