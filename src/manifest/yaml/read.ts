/** Reads YAML text into documents, each with its line, as Kubernetes would read them. */
import { parseEvents, YAMLException } from 'js-yaml'
import { ComposeError, type ComposeOptions, compose, type Value } from './compose.ts'

export interface YamlDocument {
  value: Value
  /** 1-based line on which the document's content begins. */
  line: number
}

export interface YamlText {
  documents: YamlDocument[]
  /** Keys that stand twice in a mapping; the last one counts. */
  duplicates: { key: string; line: number }[]
}

export class YamlError extends Error {
  /** 1-based. */
  readonly line: number

  constructor(message: string, line: number) {
    super(message)
    this.name = 'YamlError'
    this.line = line
  }
}

/** Far above what an object of 3 MB, the most that an API server accepts, can consist of. */
const nodeLimit = 1_000_000

/**
 * Documents are parsed one by one, with a break for others after every few hundred kilobytes, so that a large text does
 * not stop everything else. Throws a YamlError.
 */
export async function readYaml(text: string, limits = { nodeLimit }): Promise<YamlText> {
  const result: YamlText = { documents: [], duplicates: [] }
  let sinceBreak = 0
  for (const { content, line } of splitDocuments(text)) {
    readOne(content, line, result, limits)
    sinceBreak += content.length
    if (sinceBreak < 256 * 1024) continue
    sinceBreak = 0
    await new Promise((resolve) => setImmediate(resolve))
  }
  return result
}

function readOne(content: string, firstLine: number, into: YamlText, limits: ComposeOptions): void {
  const lineAt = (offset: number): number => firstLine + countLines(content, offset)
  try {
    const composed = compose(content, parseEvents(content, { maxDepth: 200 }), limits)
    for (const { value, start } of composed.documents) into.documents.push({ value, line: lineAt(start) })
    for (const { key, offset } of composed.duplicates) into.duplicates.push({ key, line: lineAt(offset) })
  } catch (error) {
    if (error instanceof ComposeError) throw new YamlError(error.message, lineAt(error.offset))
    if (error instanceof YAMLException) throw new YamlError(error.reason, firstLine + (error.mark?.line ?? 0))
    throw error
  }
}

interface Chunk {
  content: string
  /** 1-based line of the chunk's first line. */
  line: number
}

/** Cuts at lines that hold nothing but `---` (and a comment), where kubectl cuts too. */
function* splitDocuments(text: string): Generator<Chunk> {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text
  let start = 0
  let line = 1
  for (const match of source.matchAll(/^---[ \t]*(?:#.*)?\r?$/gm)) {
    const content = source.slice(start, match.index)
    // Directives belong to the document that the marker opens.
    if (/^%/m.test(content) && !hasContent(content)) continue
    if (hasContent(content)) yield { content, line }
    line += countLines(source.slice(start, match.index), content.length)
    start = match.index
  }
  const rest = source.slice(start)
  if (hasContent(rest)) yield { content: rest, line }
}

function hasContent(content: string): boolean {
  return /^(?!---[ \t]*(?:#.*)?\r?$)[ \t]*[^\s#%]/m.test(content)
}

function countLines(text: string, end: number): number {
  let lines = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines++
  return lines
}
