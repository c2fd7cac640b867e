/** What a YAML text consists of, with where each part stands: maps, lists and scalars, also of a text that is not finished. */
import { yamlLanguage } from '@codemirror/lang-yaml'

type SyntaxNode = ReturnType<ReturnType<typeof yamlLanguage.parser.parse>['resolve']>

interface Place {
  from: number
  to: number
}

export interface YamlScalar extends Place {
  kind: 'scalar'
  text: string
  /** Neither in quotes nor a block: `3` is a number. */
  isPlain: boolean
}

export interface YamlEntry extends Place {
  key: string
  keyTo: number
  value: YamlNode
}

export interface YamlMap extends Place {
  kind: 'map'
  entries: YamlEntry[]
}

export interface YamlList extends Place {
  kind: 'list'
  items: YamlNode[]
}

/** `nothing`: a key without a value. `other`: an alias, which stands for something elsewhere. */
export type YamlNode = YamlScalar | YamlMap | YamlList | (Place & { kind: 'nothing' }) | (Place & { kind: 'other' })

/** The root of each document of the text. */
export function yamlDocuments(text: string): YamlNode[] {
  const root = yamlLanguage.parser.parse(text).topNode
  return childrenOf(root)
    .filter(({ name }) => name === 'Document')
    .map((document) => contentOf(document, text))
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child)
  return children
}

const readers: Record<string, (node: SyntaxNode, text: string) => YamlNode> = {
  BlockMapping: readMap,
  FlowMapping: readMap,
  BlockSequence: readList,
  FlowSequence: readList,
  Literal: (node, text) => ({ kind: 'scalar', ...placeOf(node), text: unfolded(slice(node, text)), isPlain: true }),
  QuotedLiteral: (node, text) => ({
    kind: 'scalar',
    ...placeOf(node),
    text: unquoted(slice(node, text)),
    isPlain: false,
  }),
  BlockLiteral: (node, text) => ({ kind: 'scalar', ...placeOf(node), text: slice(node, text), isPlain: false }),
  Alias: (node) => ({ kind: 'other', ...placeOf(node) }),
  Anchored: contentOf,
  Tagged: contentOf,
}

/** The one value within a document, an item, or behind an anchor or tag. */
function contentOf(node: SyntaxNode, text: string): YamlNode {
  for (const child of childrenOf(node)) {
    const reader = readers[child.name]
    if (reader) return reader(child, text)
  }
  return { kind: 'nothing', ...placeOf(node) }
}

function readMap(node: SyntaxNode, text: string): YamlMap {
  const pairs = childrenOf(node).filter(({ name }) => name === 'Pair')
  const entries = pairs.flatMap((pair): YamlEntry[] => {
    const key = pair.getChild('Key')
    if (!key) return []
    const name = contentOf(key, text)
    const value = contentAfter(pair, key, text)
    return [
      { key: name.kind === 'scalar' ? name.text : slice(key, text), from: key.from, keyTo: key.to, to: pair.to, value },
    ]
  })
  // The parser counts the space before a block as part of it.
  const from = node.name === 'BlockMapping' ? (entries[0]?.from ?? node.from) : node.from
  return { kind: 'map', from, to: node.to, entries }
}

function contentAfter(pair: SyntaxNode, key: SyntaxNode, text: string): YamlNode {
  for (const child of childrenOf(pair)) {
    const reader = readers[child.name]
    if (child.from >= key.to && reader) return reader(child, text)
  }
  return { kind: 'nothing', from: key.from, to: key.to }
}

function readList(node: SyntaxNode, text: string): YamlList {
  const items = childrenOf(node).filter(({ name }) => name === 'Item')
  return { kind: 'list', ...placeOf(node), items: items.map((item) => contentOf(item, text)) }
}

function placeOf({ from, to }: SyntaxNode): Place {
  return { from, to }
}

function slice({ from, to }: SyntaxNode, text: string): string {
  return text.slice(from, to)
}

function unfolded(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ')
}

function unquoted(text: string): string {
  if (text.startsWith("'")) return unfolded(text.slice(1, text.endsWith("'") ? -1 : undefined)).replaceAll("''", "'")
  try {
    return String(JSON.parse(unfolded(text)))
  } catch {
    return text.slice(1, -1)
  }
}
