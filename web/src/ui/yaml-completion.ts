/** What can be written at a place of a YAML text, by its schema: names of fields not yet there, and values. */
import { alternatives, choicesOf, type JsonSchema, schemaOfField, typesOf } from './json-schema.ts'

export interface YamlChoice {
  label: string
  /** What is put in the place of the word, such as `replicas: `. */
  insert: string
  /** Its type. */
  detail: string
  info?: string
}

export interface YamlCompletion {
  /** Where the word begins that is being written. */
  from: number
  choices: YamlChoice[]
}

interface Token {
  column: number
  /** undefined: the dash of an item. */
  key?: string
}

/** Texts that are being written are seldom whole: columns tell more of them than a parser would. */
export function completeYaml(text: string, position: number, schema: JsonSchema): YamlCompletion | undefined {
  const lineStart = text.lastIndexOf('\n', position - 1) + 1
  const before = text.slice(lineStart, position)
  const lines = text.split('\n')
  const row = text.slice(0, lineStart).split('\n').length - 1

  const value = /^(\s*(?:- +)*)(['"]?)([^\s:#'"]+)\2:\s+['"]?([^\s'"#]*)$/.exec(before)
  if (value) {
    const [, lead = '', , key = '', word = ''] = value
    const found = schemasAt([...pathTo(lines, row, lead), key], schema)
    return { from: position - word.length, choices: valueChoices(found) }
  }
  const name = /^(\s*(?:- +)*)([\w./-]*)$/.exec(before)
  if (!name) return undefined
  const [, lead = '', word = ''] = name
  const found = schemasAt(pathTo(lines, row, lead), schema)
  const taken = siblings(lines, row, lead)
  const choices = [...fieldChoices(found, taken, lead.length), ...(lead.includes('-') ? valueChoices(found) : [])]
  return { from: position - word.length, choices }
}

/** The names from the root to where a line begins; `[]` for an item. */
function pathTo(lines: string[], row: number, lead: string): string[] {
  const path: string[] = []
  let column = lead.length
  let isItem = false
  const climb = (tokens: Token[]) => {
    for (const token of tokens.toReversed()) {
      // A list may stand right below its key, no further in.
      if (token.column > column || (token.column === column && (!isItem || token.key === undefined))) continue
      path.unshift(token.key ?? '[]')
      isItem = token.key === undefined
      column = token.column
    }
  }
  climb(tokensOf(lead))
  for (let above = row - 1; above >= 0 && (column > 0 || isItem); above--) climb(tokensOf(lines[above] ?? ''))
  return path
}

function tokensOf(line: string): Token[] {
  const lead = /^\s*(?:-(?: +|$))*/.exec(line)?.[0] ?? ''
  const dashes = [...lead.matchAll(/-/g)].map(({ index }) => ({ column: index }))
  const key = /^(?:'([^']*)'|"([^"]*)"|([^\s#'"{[][^:#]*?))\s*:(?=\s|$)/.exec(line.slice(lead.length))
  return key ? [...dashes, { column: lead.length, key: key[1] ?? key[2] ?? key[3] ?? '' }] : dashes
}

/** The fields that the map already has. */
function siblings(lines: string[], row: number, lead: string): Set<string> {
  const found = new Set<string>()
  const column = lead.length
  // A dash begins a new map.
  for (let above = lead.includes('-') ? -1 : row - 1; above >= 0; above--) {
    const tokens = tokensOf(lines[above] ?? '')
    for (const { key, column: at } of tokens) if (key !== undefined && at === column) found.add(key)
    if (tokens[0] && tokens[0].column < column) break
  }
  for (const below of lines.slice(row + 1)) {
    const tokens = tokensOf(below)
    if (tokens[0] && tokens[0].column < column) break
    for (const { key, column: at } of tokens) if (key !== undefined && at === column) found.add(key)
  }
  return found
}

function schemasAt(path: string[], root: JsonSchema): JsonSchema[] {
  let found = alternatives(root, root)
  for (const step of path) {
    const below = found.map((schema) => (step === '[]' ? schema.items : schemaOfField(schema, step)))
    found = below.flatMap((schema) => (schema ? alternatives(schema, root) : []))
  }
  return found
}

function fieldChoices(schemas: JsonSchema[], taken: Set<string>, column: number): YamlChoice[] {
  const fields = new Map<string, JsonSchema>()
  for (const { properties } of schemas) {
    for (const [name, schema] of Object.entries(properties ?? {})) if (!taken.has(name)) fields.set(name, schema)
  }
  const required = new Set(schemas.flatMap((schema) => schema.required ?? []))
  const sorted = [...fields].sort(([a], [b]) => Number(required.has(b)) - Number(required.has(a)))
  return sorted.map(([name, schema]) => {
    const types = typesOf(schema)
    const below = `\n${' '.repeat(column + 2)}`
    const tail = types.includes('object') ? below : types.includes('array') ? `${below}- ` : ' '
    return choice(name, `${name}:${tail}`, types.join(' | '), schema.description)
  })
}

function valueChoices(schemas: JsonSchema[]): YamlChoice[] {
  return schemas.flatMap((schema) =>
    choicesOf(schema).map((value) => {
      // Between quotes where it would be read as something else.
      const insert = typeof value === 'string' && /^(true|false|yes|no|on|off|null|~|[\d.]+)?$/i.test(value)
      return choice(String(value), insert ? JSON.stringify(value) : String(value), typeof value, undefined)
    }),
  )
}

function choice(label: string, insert: string, detail: string, info: string | undefined): YamlChoice {
  return { label, insert, detail, ...(info && { info }) }
}
