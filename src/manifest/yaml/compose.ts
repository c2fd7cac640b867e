/** Builds values from YAML events as Kubernetes does: merge keys in order, last of equal keys wins, JSON's map keys. */
import {
  type AliasEvent,
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml'
import { number, plainScalar, type Scalar } from './scalar.ts'

export type Value = Scalar | Value[] | { [key: string]: Value }

export interface ComposedDocument {
  value: Value
  /** Offset of the document's first node in the text. */
  start: number
}

export interface Duplicate {
  key: string
  offset: number
}

export interface Composed {
  documents: ComposedDocument[]
  duplicates: Duplicate[]
}

/** A fault at a place of the text. */
export class ComposeError extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

export interface ComposeOptions {
  /** How many nodes the text may stand for once aliases are written out. */
  nodeLimit: number
}

/** Or a text and aliases of it would stand for gigabytes in a few nodes. */
const charactersOfNode = 128

interface Anchor {
  value: Value
  nodes: number
  complete: boolean
}

interface Node {
  value: Value
  /** Number of nodes that the value consists of, aliases written out; a long text counts as several. */
  nodes: number
  offset: number
  /** A plain `<<`, which merges when it is a key. */
  merge: boolean
}

export function compose(text: string, events: Event[], { nodeLimit }: ComposeOptions): Composed {
  const documents: ComposedDocument[] = []
  const duplicates: Duplicate[] = []
  let anchors = new Map<string, Anchor>()
  let at = 0
  let total = 0

  function node(): Node {
    const event = events[at++]
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return remember(event, () => scalar(event))
      case EVENT_ID.SEQUENCE:
        return remember(event, () => sequence(event))
      case EVENT_ID.MAPPING:
        return remember(event, () => mapping(event))
      case EVENT_ID.ALIAS:
        return alias(event)
      default:
        throw new ComposeError('unexpected end of the document', text.length)
    }
  }

  function count(nodes: number, offset: number): void {
    total += nodes
    if (total > nodeLimit) {
      throw new ComposeError(
        `aliases expand to more than ${nodeLimit} values: write the content out, or less of it`,
        offset,
      )
    }
  }

  function remember(event: ScalarEvent | SequenceEvent | MappingEvent, build: () => Node): Node {
    if (event.anchorStart < 0) return build()
    const anchor: Anchor = { value: null, nodes: 1, complete: false }
    anchors.set(text.slice(event.anchorStart, event.anchorEnd), anchor)
    const built = build()
    Object.assign(anchor, { value: built.value, nodes: built.nodes, complete: true })
    return built
  }

  function alias(event: AliasEvent): Node {
    const offset = event.anchorStart
    const name = text.slice(event.anchorStart, event.anchorEnd)
    const anchor = anchors.get(name)
    if (!anchor) throw new ComposeError(`unknown anchor ${name} is referenced`, offset)
    if (!anchor.complete) throw new ComposeError(`anchor ${name} contains itself`, offset)
    count(anchor.nodes, offset)
    return { value: anchor.value, nodes: anchor.nodes, offset, merge: false }
  }

  function scalar(event: ScalarEvent): Node {
    const offset = event.valueStart
    const content = getScalarValue(text, event)
    const nodes = 1 + Math.floor(content.length / charactersOfNode)
    count(nodes, offset)
    const tag = event.tagStart < 0 ? undefined : text.slice(event.tagStart, event.tagEnd)
    const plain = event.style === SCALAR_STYLE.PLAIN
    try {
      const value = tag !== undefined ? taggedScalar(tag, content) : plain ? plainScalar(content) : content
      return { value, nodes, offset, merge: plain && content === '<<' && (tag === undefined || isTag(tag, 'merge')) }
    } catch (error) {
      throw new ComposeError(error instanceof Error ? error.message : String(error), offset)
    }
  }

  function sequence(event: SequenceEvent): Node {
    count(1, event.start)
    const items: Value[] = []
    let nodes = 1
    while (events[at]?.type !== EVENT_ID.POP) {
      const item = node()
      items.push(item.value)
      nodes += item.nodes
    }
    at++
    return { value: items, nodes, offset: event.start, merge: false }
  }

  function mapping(event: MappingEvent): Node {
    count(1, event.start)
    const fields: Record<string, Value> = {}
    const seen = new Set<string>()
    let nodes = 1
    while (events[at]?.type !== EVENT_ID.POP) {
      const key = node()
      const value = node()
      nodes += key.nodes + value.nodes
      if (key.merge) {
        merge(fields, value)
        continue
      }
      const name = mapKey(key)
      if (seen.has(name)) duplicates.push({ key: name, offset: key.offset })
      seen.add(name)
      set(fields, name, value.value)
    }
    at++
    return { value: fields, nodes, offset: event.start, merge: false }
  }

  while (at < events.length) {
    const event = events[at++]
    if (event?.type !== EVENT_ID.DOCUMENT) continue
    anchors = new Map()
    if (events[at]?.type === EVENT_ID.POP) {
      at++
      continue
    }
    const root = node()
    at++
    documents.push({ value: root.value, start: root.offset })
  }
  return { documents, duplicates }
}

/** `__proto__` must become a field like any other. */
function set(fields: Record<string, Value>, key: string, value: Value): void {
  if (key === '__proto__')
    Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true })
  else fields[key] = value
}

/** As Go's reader does it: at the place of `<<`, what was set before is overwritten; of a list, the first has priority. */
function merge(fields: Record<string, Value>, { value, offset }: Node): void {
  const sources = Array.isArray(value) ? value.toReversed() : [value]
  for (const source of sources) {
    if (!isMapping(source)) throw new ComposeError('"<<" merges only a mapping, or a list of mappings', offset)
    for (const [key, item] of Object.entries(source)) set(fields, key, item)
  }
}

function isMapping(value: Value): value is { [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mapKey({ value, offset }: Node): string {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'number')
    return Number.isInteger(value) ? String(value) : String(Math.fround(value) === value ? value : shortFloat(value))
  throw new ComposeError(
    `a ${value === null ? 'null' : Array.isArray(value) ? 'list' : 'mapping'} cannot be a key`,
    offset,
  )
}

/** Go writes keys that are fractions with the precision of a 32-bit float. */
function shortFloat(value: number): string {
  for (let digits = 1; digits <= 9; digits++) {
    const text = value.toPrecision(digits)
    if (Math.fround(Number(text)) === Math.fround(value)) return String(Number(text))
  }
  return String(value)
}

function isTag(tag: string, name: string): boolean {
  return tag === `!!${name}` || tag === `!<tag:yaml.org,2002:${name}>`
}

/** Tags other than YAML's own are ignored by Kubernetes, and make a string. */
function taggedScalar(tag: string, content: string): Scalar {
  if (isTag(tag, 'binary')) return Buffer.from(content, 'base64').toString('utf8')
  for (const [name, admits] of Object.entries(conversions)) {
    if (!isTag(tag, name)) continue
    const value = admits(content)
    if (value === undefined) throw new Error(`${JSON.stringify(content)} is not a !!${name}`)
    return value
  }
  return content
}

const conversions: Record<string, (content: string) => Scalar | undefined> = {
  int: (content) => {
    const value = number(content)
    return typeof value === 'bigint' || Number.isInteger(value) ? value : undefined
  },
  float: (content) => {
    const value = number(content)
    return typeof value === 'bigint' ? Number(value) : value
  },
  bool: (content) => {
    const value = plainScalar(content)
    return typeof value === 'boolean' ? value : undefined
  },
  null: (content) => (plainScalar(content) === null ? null : undefined),
}
