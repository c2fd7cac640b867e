/**
 * Changes single values of a YAML text and leaves every other character as it is: comments, order, quotes, blank lines. Only
 * what is added or taken out has the document written anew, in the indentation that it had.
 */
import { type Document, isAlias, isCollection, isMap, isScalar, isSeq, parseAllDocuments, parseDocument } from 'yaml'

export type YamlPath = readonly (string | number)[]

export class YamlEditor {
  #text: string
  #document: Document

  /** Throws an error whose message says why the text cannot be changed. */
  constructor(text: string) {
    this.#text = text
    this.#document = read(text)
  }

  get text(): string {
    return this.#text
  }

  /** The text of a scalar as it is written there, `1.10` and not 1.1; undefined for anything else. */
  scalar(path: YamlPath): string | undefined {
    const node = this.#node(path)
    if (!isScalar(node) || node.value === null) return undefined
    return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))
  }

  has(path: YamlPath): boolean {
    return this.#node(path) !== undefined
  }

  /** How many elements a list has; 0 for what is none. */
  length(path: YamlPath): number {
    const node = this.#node(path)
    return isSeq(node) ? node.items.length : 0
  }

  keys(path: YamlPath): string[] {
    const node = this.#node(path)
    if (!isMap(node)) return []
    return node.items.map(({ key }) => (isScalar(key) ? String(key.value) : ''))
  }

  setText(path: YamlPath, value: string): void {
    const node = this.#node(path, false)
    if (isScalar(node) && node.value === value) return
    // An alias gives way to a text of its own, so that who shares its anchor keeps what is there.
    const { range, type } = isScalar(node) ? node : isAlias(node) ? { range: node.range, type: 'PLAIN' } : {}
    const isInline = type === 'PLAIN' || type === 'QUOTE_SINGLE' || type === 'QUOTE_DOUBLE'
    if (range && isInline && range[1] > range[0]) {
      this.#replace(this.#text.slice(0, range[0]) + inline(value, type) + this.#text.slice(range[1]))
    } else this.set(path, value)
  }

  set(path: YamlPath, value: unknown): void {
    if (path.length === 0 || !isCollection(this.#document.contents)) this.#document.contents = null
    this.#document.setIn(path, this.#document.createNode(value))
    this.#write()
  }

  remove(path: YamlPath): void {
    if (!this.has(path)) return
    this.#document.deleteIn(path)
    this.#write()
  }

  #node(path: YamlPath, isFollowed = true): unknown {
    let node: unknown = this.#document.contents
    for (const step of path) {
      const at = isAlias(node) ? node.resolve(this.#document) : node
      if (!isCollection(at)) return undefined
      node = at.get(step, true)
    }
    return (isFollowed && isAlias(node) ? node.resolve(this.#document) : node) ?? undefined
  }

  #write(): void {
    const { indent, indentSeq } = indentation(this.#text)
    this.#replace(this.#document.toString({ lineWidth: 0, indent, indentSeq, flowCollectionPadding: false }))
  }

  #replace(text: string): void {
    this.#document = read(text)
    this.#text = text
  }
}

function read(text: string): Document {
  const documents = parseAllDocuments(text)
  if (!Array.isArray(documents) || documents.length === 0) return parseDocument(text)
  const [document] = documents
  if (!document || documents.length > 1) throw new Error('it has several documents, of which none can be chosen')
  const [error] = document.errors
  if (error) throw new Error(error.message.split('\n', 1)[0])
  return document
}

/** In the quotes that were there, or in some where the text would else be a number, a date or a flag. */
function inline(value: string, type: 'PLAIN' | 'QUOTE_SINGLE' | 'QUOTE_DOUBLE'): string {
  if (type === 'QUOTE_SINGLE') return `'${value.replaceAll("'", "''")}'`
  if (type === 'PLAIN' && /^[\w./:@+-]+$/.test(value) && isPlain(value)) return value
  return JSON.stringify(value)
}

function isPlain(value: string): boolean {
  // Readers of YAML 1.1 take more for something else than those of 1.2.
  if (/^[-+.\d]/.test(value) && /^[-+.:_\dexoa-f]+$/i.test(value)) return false
  if (/^(y|n|yes|no|on|off|true|false|null|~)$/i.test(value) || value.endsWith(':')) return false
  const { contents, errors } = parseDocument(value)
  return errors.length === 0 && isScalar(contents) && contents.value === value
}

function indentation(text: string): { indent: number; indentSeq: boolean } {
  const first = /^( +)[^\s#-]/m.exec(text)?.[1]?.length ?? 2
  const flat = /^( *)[^\s#-][^\n]*:[ \t]*\n(?:\1#[^\n]*\n)*\1- /m.test(text)
  return { indent: Math.min(Math.max(first, 1), 8), indentSeq: !flat }
}
