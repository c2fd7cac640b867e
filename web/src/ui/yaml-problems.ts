/** What is wrong with a YAML text: that it is none, or that it does not meet its schema. Each at its place. */
import { loadAll, YAMLException } from 'js-yaml'
import { alternatives, type JsonSchema, schemaOfField, typesOf } from './json-schema.ts'
import { type YamlMap, type YamlNode, type YamlScalar, yamlDocuments } from './yaml-tree.ts'

export type YamlProblem = { from: number; to: number } & (
  | { kind: 'syntax'; reason: string }
  /** The schema does not know such a field: it will be refused or dropped. */
  | { kind: 'unknown field'; name: string }
  | { kind: 'missing field'; name: string }
  | { kind: 'wrong type'; expected: string[]; found: string }
  | { kind: 'not one of'; choices: string[] }
  | { kind: 'pattern'; pattern: string }
  | { kind: 'range'; minimum: number | undefined; maximum: number | undefined }
)

export function yamlProblems(text: string, schema?: JsonSchema): YamlProblem[] {
  const broken = syntaxProblem(text)
  if (broken) return [broken]
  if (!schema) return []
  return yamlDocuments(text).flatMap((root) => (root.kind === 'nothing' ? [] : problemsOf(root, schema, schema)))
}

function syntaxProblem(text: string): YamlProblem | undefined {
  try {
    loadAll(text)
    return undefined
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const at = Math.min(error.mark?.position ?? 0, text.length)
    const from = text.lastIndexOf('\n', at - 1) + 1
    const end = text.indexOf('\n', at)
    return { kind: 'syntax', reason: error.reason, from, to: end < 0 ? text.length : end }
  }
}

/** Of those that a value may be, the one that it is most like tells what is wrong. */
function problemsOf(node: YamlNode, schema: JsonSchema, root: JsonSchema): YamlProblem[] {
  let least: YamlProblem[] | undefined
  for (const one of alternatives(schema, root)) {
    const problems = problemsWith(node, one, root)
    if (problems.length === 0) return []
    if (!least || problems.length < least.length) least = problems
  }
  return least ?? []
}

function problemsWith(node: YamlNode, schema: JsonSchema, root: JsonSchema): YamlProblem[] {
  const types = typesOf(schema)
  // What is not filled in yet is not wrong, and what an alias stands for is checked where it is.
  if (node.kind === 'nothing' || node.kind === 'other') return []
  const found = typeOf(node)
  if (types.length > 0 && !types.some((type) => isOf(found, type))) {
    return [{ kind: 'wrong type', expected: types, found, ...startOf(node) }]
  }
  if (node.kind === 'map') return problemsOfMap(node, schema, root)
  if (node.kind === 'list') return node.items.flatMap((item) => problemsOf(item, schema.items ?? {}, root))
  return problemsOfScalar(node, schema)
}

function problemsOfMap(map: YamlMap, schema: JsonSchema, root: JsonSchema): YamlProblem[] {
  const given = new Set(map.entries.map(({ key }) => key))
  const missing = (schema.required ?? []).filter((name) => !given.has(name))
  return [
    ...missing.map((name): YamlProblem => ({ kind: 'missing field', name, ...startOf(map) })),
    ...map.entries.flatMap(({ key, from, keyTo, value }): YamlProblem[] => {
      const below = schemaOfField(schema, key)
      if (!below) return [{ kind: 'unknown field', name: key, from, to: keyTo }]
      return problemsOf(value, below, root)
    }),
  ]
}

function problemsOfScalar(node: YamlScalar, schema: JsonSchema): YamlProblem[] {
  const place = startOf(node)
  const choices = (schema.enum ?? (schema.const === undefined ? [] : [schema.const])).map(String)
  if (choices.length > 0 && !choices.includes(node.text)) return [{ kind: 'not one of', choices, ...place }]
  if (schema.pattern && !node.text.startsWith('|') && !matches(node.text, schema.pattern)) {
    return [{ kind: 'pattern', pattern: schema.pattern, ...place }]
  }
  const { minimum, maximum } = schema
  const isOutside = Number(node.text) < (minimum ?? -Infinity) || Number(node.text) > (maximum ?? Infinity)
  return isOutside && node.isPlain ? [{ kind: 'range', minimum, maximum, ...place }] : []
}

/** A pattern that this browser cannot read is the server's to judge. */
function matches(text: string, pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text)
  } catch {
    return true
  }
}

function typeOf(node: YamlNode): string {
  if (node.kind === 'map') return 'object'
  if (node.kind === 'list') return 'array'
  if (node.kind !== 'scalar') return 'null'
  if (!node.isPlain) return 'string'
  if (/^(~|null|Null|NULL)$/.test(node.text)) return 'null'
  // As Kubernetes reads them.
  if (/^(true|false|yes|no|on|off)$/i.test(node.text)) return 'boolean'
  if (/^[-+]?(\d[\d_]*|0x[\da-f]+|0o?[0-7]+)$/i.test(node.text)) return 'integer'
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$|^[-+]?\.(inf|nan)$/i.test(node.text)) return 'number'
  return 'string'
}

function isOf(found: string, type: string): boolean {
  return found === type || (found === 'integer' && type === 'number')
}

/** A map or a list is marked at its first line. */
function startOf(node: YamlNode): { from: number; to: number } {
  if (node.kind !== 'map') return { from: node.from, to: node.to }
  const [first] = node.entries
  return { from: node.from, to: first?.keyTo ?? node.to }
}
