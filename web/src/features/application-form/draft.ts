/** The Application as it is being written: what is declared of it, and nothing else. Pure. */
import type { Application } from '../../lib/api.ts'

export type Path = readonly (string | number)[]

/** As much of an Application as is declared; anything may be missing while it is written. */
export interface Draft {
  apiVersion: string
  kind: string
  metadata: {
    name: string
    namespace?: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
    finalizers?: string[]
  }
  spec: Record<string, unknown>
}

export function newDraft(): Draft {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: '' },
    spec: {
      project: 'default',
      source: { repoURL: '', path: '' },
      destination: { name: 'in-cluster', namespace: '' },
    },
  }
}

export function draftOf({ apiVersion, kind, metadata, spec }: Application): Draft {
  const { name, namespace, labels, annotations, finalizers } = metadata
  const declared = { namespace, labels, annotations, finalizers }
  const given = Object.fromEntries(Object.entries(declared).filter(([, value]) => value !== undefined))
  return {
    apiVersion: apiVersion ?? 'argoproj.io/v1alpha1',
    kind: kind ?? 'Application',
    metadata: { name, ...given },
    spec: spec as unknown as Record<string, unknown>,
  }
}

export function valueAt(value: unknown, path: Path): unknown {
  let at = value
  for (const step of path)
    at = at === null || typeof at !== 'object' ? undefined : (at as Record<string, unknown>)[step]
  return at
}

export function textAt(value: unknown, path: Path): string {
  const found = valueAt(value, path)
  return found === undefined || found === null || typeof found === 'object' ? '' : String(found)
}

export function listAt<Item>(value: unknown, path: Path): Item[] {
  const found = valueAt(value, path)
  return Array.isArray(found) ? found : []
}

/** undefined takes the value away, and with it what was there only to hold it. */
export function withValue<Whole>(whole: Whole, path: Path, value: unknown): Whole {
  return (put(whole, path, value) ?? {}) as Whole
}

function put(at: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return value
  if (typeof step === 'number') {
    const list = Array.isArray(at) ? [...at] : []
    const next = put(list[step], rest, value)
    if (next === undefined && rest.length === 0) list.splice(step, 1)
    else list[step] = next ?? {}
    return list.length > 0 ? list : undefined
  }
  const object = { ...(at !== null && typeof at === 'object' && !Array.isArray(at) ? at : {}) } as Record<
    string,
    unknown
  >
  const next = put(object[step], rest, value)
  if (next === undefined) delete object[step]
  else object[step] = next
  // `automated: {}` says something; what has just become empty by taking something away does not.
  return Object.keys(object).length > 0 || value !== undefined ? object : undefined
}

/** What is sent: without empty texts, which the form has for what nobody has filled in. */
export function declared(draft: Draft): Draft {
  return withoutEmpty(draft) as Draft
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty).filter((item) => item !== undefined && item !== '')
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value)
    .map(([name, field]) => [name, isMeant(name) ? field : withoutEmpty(field)] as const)
    .filter(([name, field]) => field !== undefined && (field !== '' || isMeant(name)))
  return Object.fromEntries(entries)
}

/** An empty value of a parameter, a label or a variable is one. */
function isMeant(name: string): boolean {
  return name === 'value' || name === 'labels' || name === 'annotations' || name === 'valuesObject'
}

/** The sources in force: where they are, one or several. */
export function sourcePaths(draft: Draft): Path[] {
  const sources = valueAt(draft, ['spec', 'sources'])
  if (Array.isArray(sources) && sources.length > 0) return sources.map((_source, index) => ['spec', 'sources', index])
  return [['spec', 'source']]
}

/** One source becomes the first of two. */
export function withAnotherSource(draft: Draft): Draft {
  const { source, sources, ...spec } = draft.spec
  const all = Array.isArray(sources) && sources.length > 0 ? sources : [source ?? { repoURL: '' }]
  return { ...draft, spec: { ...spec, sources: [...all, { repoURL: '', path: '' }] } }
}

/** Two become one. */
export function withoutSource(draft: Draft, index: number): Draft {
  const all = listAt<object>(draft, ['spec', 'sources']).filter((_source, place) => place !== index)
  const { sources: _sources, source: _source, ...spec } = draft.spec
  const [only] = all
  return { ...draft, spec: { ...spec, ...(all.length === 1 ? { source: only } : { sources: all }) } }
}
