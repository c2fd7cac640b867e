/** The manifests of two deployments, or of one and of the cluster, side by side, object by object. Pure. */

export interface Manifest {
  apiVersion?: string
  kind?: string
  metadata?: { name?: string; generateName?: string; namespace?: string }
}

export interface ObjectChange {
  key: string
  kind: string
  name: string
  namespace: string
  change: 'added' | 'removed' | 'changed'
  before: Manifest | undefined
  after: Manifest | undefined
  /** What differs in an object that is on both sides. */
  fields: FieldChange[]
}

export interface FieldChange {
  path: string
  before: unknown
  after: unknown
}

export interface ComparedDeployments {
  changes: ObjectChange[]
  /** On both sides and equal. */
  unchanged: number
  /** Values of Secrets are masked on each side: whether they differ is not known. */
  hasSecrets: boolean
}

export function compareManifests(before: Manifest[], after: Manifest[]): ComparedDeployments {
  const one = byKey(before)
  const other = byKey(after)
  const compared = [...new Set([...one.keys(), ...other.keys()])].sort().map((key) => {
    return objectChange(key, one.get(key), other.get(key))
  })
  return {
    changes: compared.filter((change) => change !== undefined),
    unchanged: compared.filter((change) => change === undefined).length,
    hasSecrets: [...before, ...after].some(({ kind, apiVersion }) => kind === 'Secret' && apiVersion === 'v1'),
  }
}

function byKey(manifests: Manifest[]): Map<string, Manifest> {
  return new Map(manifests.map((manifest) => [keyOf(manifest), manifest]))
}

/** The version of its API does not make an object another one. */
function keyOf({ apiVersion = '', kind = '', metadata = {} }: Manifest): string {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : ''
  return [kind, metadata.namespace ?? '', metadata.name ?? metadata.generateName ?? '', group].join('/')
}

function objectChange(key: string, before: Manifest | undefined, after: Manifest | undefined) {
  const { kind = '', metadata = {} } = after ?? before ?? {}
  const fields = before && after ? fieldChanges(before, after) : []
  if (before && after && fields.length === 0) return undefined
  const change: ObjectChange['change'] = !before ? 'added' : after ? 'changed' : 'removed'
  const name = metadata.name ?? metadata.generateName ?? ''
  return { key, kind, name, namespace: metadata.namespace ?? '', change, before, after, fields }
}

/** Down to the values; lists whose items have names are compared by name. */
export function fieldChanges(before: unknown, after: unknown, path = ''): FieldChange[] {
  if (Object.is(before, after)) return []
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    return names.flatMap((name) => fieldChanges(before[name], after[name], joined(path, name)))
  }
  if (Array.isArray(before) && Array.isArray(after)) return itemChanges(before, after, path)
  return [{ path, before, after }]
}

function itemChanges(before: unknown[], after: unknown[], path: string): FieldChange[] {
  const one = named(before)
  const other = named(after)
  if (one && other) {
    const names = [...new Set([...one.keys(), ...other.keys()])]
    return names.flatMap((name) => fieldChanges(one.get(name), other.get(name), `${path}[name=${name}]`))
  }
  if (before.length !== after.length) return [{ path, before, after }]
  return before.flatMap((item, index) => fieldChanges(item, after[index], `${path}[${index}]`))
}

function named(items: unknown[]): Map<string, unknown> | undefined {
  const names = items.map((item) => (isObject(item) ? item.name : undefined))
  if (names.some((name) => typeof name !== 'string') || new Set(names).size !== names.length) return undefined
  return new Map(items.map((item, index) => [String(names[index]), item]))
}

function joined(path: string, name: string): string {
  const isPlain = /^[A-Za-z_$][\w$-]*$/.test(name)
  if (!isPlain) return `${path}[${JSON.stringify(name)}]`
  return path ? `${path}.${name}` : name
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Of a live object only what the manifest declares: what a cluster fills in is no difference. */
export function asDeclared(live: unknown, declared: unknown): unknown {
  if (isObject(live) && isObject(declared)) {
    const names = Object.keys(declared).filter((name) => name in live)
    return Object.fromEntries(names.map((name) => [name, asDeclared(live[name], declared[name])]))
  }
  if (Array.isArray(live) && Array.isArray(declared)) {
    const wanted = named(declared)
    const found = named(live)
    if (wanted && found)
      return live.map((item) => asDeclared(item, wanted.get(String((item as { name: string }).name)) ?? item))
    return live.map((item, index) => (index < declared.length ? asDeclared(item, declared[index]) : item))
  }
  return live
}

/** What is live of what these manifests declare, and what else the application has there. */
export function liveAsDeclared(live: Manifest[], declared: Manifest[]): Manifest[] {
  const wanted = byKey(declared)
  return live.map((object) => {
    const manifest = wanted.get(keyOf(object))
    return manifest ? (asDeclared(object, manifest) as Manifest) : object
  })
}
