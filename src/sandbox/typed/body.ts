/** Reads request bodies: objects as JSON or YAML, and patches, with the server's words for what is wrong. */
import type { Json } from '../object.ts'
import { StatusError } from '../status.ts'
import { goQuote } from './go-text.ts'
import { type Duplicate, JsonSyntaxError, readJson } from './json-reader.ts'
import { lineOf, readYaml, YamlSyntaxError } from './yaml-reader.ts'

/** Keys given more than once: as a strict request is refused with them, and as a warning names them. */
export interface Duplicates {
  faults: string[]
  warnings: string[]
}

export interface Body {
  value: Json
  duplicates: Duplicates
}

export const noDuplicates: Duplicates = { faults: [], warnings: [] }

/**
 * Reads the body of a create or update. `mediaType` is without parameters; `kind` is what the endpoint expects, absent
 * for options. Throws a 400 StatusError.
 */
export function parseBody(text: string, mediaType: string, kind?: string): Body {
  const yaml = mediaType === 'application/yaml'
  try {
    return checkObject(yaml ? readYamlBody(text) : readJsonBody(text))
  } catch (error) {
    const problem = yaml ? yamlProblem(error) : jsonProblem(error)
    throw badRequest(
      kind === undefined
        ? problem
        : `the object provided is unrecognized (must be of type ${kind}): ${problem} (${summary(text)})`,
    )
  }
}

function readJsonBody(text: string): Body {
  const { value, duplicates } = readJson(text)
  const texts = duplicates.map(({ path }) => `duplicate field ${goQuote(path)}`)
  return { value, duplicates: { faults: texts, warnings: texts } }
}

function readYamlBody(text: string): Body {
  const { value, duplicates } = readYaml(text)
  const lines = duplicates.map(({ line, key }) => keyText(line, key))
  return { value, duplicates: yamlDuplicates(lines) }
}

function keyText(line: number, key: string): string {
  return `line ${line}: key ${goQuote(key)} already set in map`
}

function yamlDuplicates(lines: string[]): Duplicates {
  return lines.length === 0
    ? noDuplicates
    : { faults: [`yaml: unmarshal errors:\n${lines.map((line) => `  ${line}`).join('\n')}`], warnings: lines }
}

function checkObject(body: Body): Body {
  const { value } = body
  if (value === null) {
    return { ...body, value: {} }
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    const tags = 'APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\""'
    throw new JsonSyntaxError(`json: cannot unmarshal ${jsonTypeOf(value)} into Go value of type struct { ${tags} }`)
  }
  return body
}

/** What Go's JSON decoder calls a value. */
export function jsonTypeOf(value: Json): string {
  if (value === null) {
    return 'null'
  }
  if (Array.isArray(value)) {
    return 'array'
  }
  switch (typeof value) {
    case 'boolean':
      return 'bool'
    case 'bigint':
    case 'number':
      return 'number'
    default:
      return typeof value
  }
}

function jsonProblem(error: unknown): string {
  if (error instanceof JsonSyntaxError) {
    return `couldn't get version/kind; json parse error: ${error.message}`
  }
  throw error
}

function yamlProblem(error: unknown): string {
  return error instanceof YamlSyntaxError ? `yaml: ${error.message}` : jsonProblem(error)
}

const summaryLength = 30

function summary(text: string): string {
  const data = Buffer.from(text)
  if (data.length === 0) {
    return '<empty>'
  }
  const head = data.subarray(0, summaryLength)
  return (text.startsWith('{') ? head.toString() : head.toString('hex')) + (data.length > summaryLength ? ' ...' : '')
}

/** Reads a patch that is not an apply: an array of operations or an object. Throws a 400 StatusError. */
export function parsePatch(text: string, mediaType: string): Json {
  const operations = mediaType === 'application/json-patch+json'
  const { value } = decodingPatch(() => readJson(text))
  if (operations ? !Array.isArray(value) : value === null || typeof value !== 'object' || Array.isArray(value)) {
    const goType = operations ? '[]handlers.jsonPatchOp' : 'map[string]interface {}'
    if (value !== null) {
      throw badRequest(
        `error decoding patch: json: cannot unmarshal ${jsonTypeOf(value)} into Go value of type ${goType}`,
      )
    }
    return operations ? [] : {}
  }
  return value
}

function decodingPatch<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof JsonSyntaxError ? badRequest(`error decoding patch: ${error.message}`) : error
  }
}

/** Reads the configuration of an apply, YAML or JSON. Throws a 400 StatusError. */
export function parseApply(text: string): Body {
  const body = text.trimStart().startsWith('{') ? readJsonApply(text) : undefined
  const { value, duplicates } = body ?? decodingYaml(() => readYamlBody(text))
  if (value !== null && (typeof value !== 'object' || Array.isArray(value))) {
    const problem = `json: cannot unmarshal ${jsonTypeOf(value)} into Go value of type map[string]interface {}`
    throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${problem}`)
  }
  const faults = duplicates.faults.map((fault) => `error strict decoding YAML: error converting YAML to JSON: ${fault}`)
  return { value: value ?? {}, duplicates: { faults, warnings: duplicates.warnings } }
}

/** Most appliers send JSON, which is read faster as what it is; undefined when it is not JSON. */
function readJsonApply(text: string): Body | undefined {
  try {
    const { value, duplicates } = readJson(text)
    return { value, duplicates: yamlDuplicates(duplicates.map((duplicate) => lineText(text, duplicate))) }
  } catch (error) {
    if (error instanceof JsonSyntaxError) {
      return undefined
    }
    throw error
  }
}

function lineText(text: string, { offset, key }: Duplicate): string {
  return keyText(lineOf(text, offset), key)
}

function decodingYaml<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof YamlSyntaxError
      ? badRequest(`error decoding YAML: error converting YAML to JSON: yaml: ${error.message}`)
      : error
  }
}

function badRequest(message: string): StatusError {
  return new StatusError({ message, reason: 'BadRequest', code: 400 })
}
