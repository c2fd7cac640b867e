/** What the generators of an ApplicationSet take their values from, for people to read. Pure. */

export interface GeneratorSummary {
  /** As the spec calls it, such as `git`. */
  kind: string
  facts: { name: string; value: string }[]
  /** Of a matrix or merge. */
  children: GeneratorSummary[]
}

type Json = Record<string, unknown>

/** Fields that say something about a generator whatever its kind. */
const ofAll = ['selector', 'template']

export function summarise(generator: unknown): GeneratorSummary {
  const fields = recordOf(generator)
  const kind = Object.keys(fields).find((name) => !ofAll.includes(name)) ?? 'unknown'
  const content = recordOf(fields[kind])
  const { generators, ...rest } = content
  return {
    kind,
    facts: [...factsOf(kind, rest), ...(fields.selector ? [{ name: 'selector', value: short(fields.selector) }] : [])],
    children: Array.isArray(generators) ? generators.map(summarise) : [],
  }
}

function factsOf(kind: string, content: Json): { name: string; value: string }[] {
  return Object.entries(content).flatMap(([name, value]) => {
    if (value === undefined || value === null || value === '' || isEmpty(value)) return []
    if (kind === 'list' && name === 'elements' && Array.isArray(value)) {
      return [{ name: `elements (${value.length})`, value: value.slice(0, 5).map(short).join('\n') + more(value) }]
    }
    if (Array.isArray(value)) return [{ name, value: value.slice(0, 5).map(short).join('\n') + more(value) }]
    return [{ name, value: short(value) }]
  })
}

function more({ length }: unknown[]): string {
  return length > 5 ? `\n… +${length - 5}` : ''
}

/** `{ path: apps/* }` as `path: apps/*`. */
function short(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return value.map(short).join(', ')
  return Object.entries(value)
    .map(([name, part]) => `${name}: ${typeof part === 'object' && part !== null ? `{${short(part)}}` : String(part)}`)
    .join(', ')
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

function recordOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}
