/** Reads YAML as Kubernetes does: scalars of YAML 1.1, merge keys, exact integers, JSON's keys; one document. */
import {
  boolYaml11Tag,
  CORE_SCHEMA,
  constructFromEvents,
  defineScalarTag,
  EVENT_ID,
  floatCoreTag,
  mergeTag,
  NOT_RESOLVED,
  parseEvents,
  Schema,
  YAMLException,
} from 'js-yaml'

import type { Json } from '../object.ts'
import { numberOf } from './json-reader.ts'

/** The text is not YAML; the message is go-yaml's, without the leading `yaml: `. */
export class YamlSyntaxError extends Error {}

export interface YamlDuplicate {
  key: string
  /** From 1. */
  line: number
}

export interface YamlReading {
  value: Json
  duplicates: YamlDuplicate[]
}

/** An alias may not blow a small text up to more than this many nodes. */
const maximumNodes = 1_000_000

const integer = defineScalarTag<number | bigint>('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: ['+', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  resolve: (source) => readInteger(source.replaceAll('_', '')) ?? NOT_RESOLVED,
  identify: (data) => typeof data === 'bigint' || Number.isInteger(data),
})

function readInteger(text: string): number | bigint | undefined {
  const [, sign = '', body = ''] = /^([+-]?)(.*)$/.exec(text) ?? []
  let digits: string | undefined
  if (/^(0b[01]+|0x[0-9a-fA-F]+|0o[0-7]+|0|[1-9][0-9]*)$/.test(body)) {
    digits = body
  } else if (/^0[0-7]+$/.test(body)) {
    digits = `0o${body.slice(1)}`
  }
  if (digits === undefined) {
    return undefined
  }
  const value = BigInt(digits) * (sign === '-' ? -1n : 1n)
  return numberOf(value.toString(), true)
}

const replaced = new Set(['tag:yaml.org,2002:bool', 'tag:yaml.org,2002:int', 'tag:yaml.org,2002:float'])

const schema = new Schema([
  ...CORE_SCHEMA.tags.filter(({ tagName }) => !replaced.has(tagName)),
  boolYaml11Tag,
  integer,
  floatCoreTag,
  mergeTag,
])

/** The first document of the text; throws a YamlSyntaxError. */
export function readYaml(text: string): YamlReading {
  try {
    const source = text.startsWith('\ufeff') ? text.slice(1) : text
    const events = firstDocument(parseEvents(source, {}))
    const duplicates = findDuplicates(events, source)
    const [document] = constructFromEvents(events, { source, schema, json: true })
    return { value: toPlain(document, { nodes: 0 }), duplicates }
  } catch (error) {
    throw error instanceof YAMLException ? new YamlSyntaxError(goMessage(error)) : error
  }
}

type YamlEvent = ReturnType<typeof parseEvents>[number]

function firstDocument(events: YamlEvent[]): YamlEvent[] {
  let depth = 0
  for (const [index, { type }] of events.entries()) {
    if (type === EVENT_ID.POP) {
      depth--
      if (depth === 0) {
        return events.slice(0, index + 1)
      }
    } else if (type !== EVENT_ID.SCALAR && type !== EVENT_ID.ALIAS) {
      depth++
    }
  }
  return events
}

interface Level {
  /** Of a mapping the keys so far; undefined in a sequence or document. */
  keys?: Set<string>
  children: number
}

function findDuplicates(events: YamlEvent[], source: string): YamlDuplicate[] {
  const duplicates: YamlDuplicate[] = []
  const levels: Level[] = []
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      levels.pop()
      continue
    }
    const parent = levels.at(-1)
    const isKey = parent?.keys !== undefined && parent.children % 2 === 0
    if (parent) {
      parent.children++
    }
    if (event.type === EVENT_ID.MAPPING) {
      levels.push({ keys: new Set(), children: 0 })
    } else if (event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.DOCUMENT) {
      levels.push({ children: 0 })
    } else if (isKey && event.type === EVENT_ID.SCALAR) {
      const key = source.slice(event.valueStart, event.valueEnd)
      if (parent.keys?.has(key)) {
        duplicates.push({ key, line: lineOf(source, event.valueStart) })
      }
      parent.keys?.add(key)
    }
  }
  return duplicates
}

export function lineOf(source: string, offset: number): number {
  let line = 1
  for (let at = source.indexOf('\n'); at >= 0 && at < offset; at = source.indexOf('\n', at + 1)) {
    line++
  }
  return line
}

/** Unshares aliases and refuses what JSON cannot hold. */
function toPlain(value: unknown, count: { nodes: number }): Json {
  if (++count.nodes > maximumNodes) {
    throw new YamlSyntaxError('document contains excessive aliasing')
  }
  if (Array.isArray(value)) {
    return value.map((item) => toPlain(item, count))
  }
  if (value === null || value === undefined) {
    return null
  }
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toPlain(member, count)]))
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new YamlSyntaxError(`json: unsupported value: ${goNumber(value)}`)
  }
  return value as Json
}

function goNumber(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
}

/** What go-yaml says where js-yaml says something else; the two do not see every fault at the same place. */
const messages: readonly [RegExp, string][] = [
  [
    /mapping values|nested mapping|bad indentation of a mapping entry/,
    'mapping values are not allowed in this context',
  ],
  [
    /unexpected end of the stream within a (double|single) quoted|deficient indentation/,
    'found unexpected end of stream',
  ],
  [/unexpected end of the stream within a flow collection|unexpected end/, 'did not find expected node content'],
  [/missed comma between flow collection entries|flow collection/, "did not find expected ',' or '}'"],
  [/tab characters must not be used/, 'found character that cannot start any token'],
  [/a line break is expected/, 'did not find expected comment or line break'],
  [/after a mapping key|multiline key/, "could not find expected ':'"],
  [/alias node must contain|anchor node must contain/, 'did not find expected alphabetic or numeric character'],
  [/directive/, 'found unexpected non-alphabetical character'],
  [/end of the stream or a document separator is expected/, "did not find expected '-' indicator"],
]

function goMessage(error: YAMLException): string {
  const { reason } = error
  const [, alias] = /unidentified alias "(.*)"/.exec(reason) ?? []
  if (alias !== undefined) {
    return `unknown anchor '${alias}' referenced`
  }
  if (/non-printable|null byte/.test(reason)) {
    return 'control characters are not allowed'
  }
  const message = messages.find(([pattern]) => pattern.test(reason))?.[1] ?? reason
  const line = error.mark ? error.mark.line + 1 : undefined
  const onFirstLine = message.startsWith('mapping values') && line === 1
  return line === undefined || onFirstLine ? message : `line ${line}: ${message}`
}
