/** Reads the text of a chart index piece by piece: those of large repositories have 50 MB, and others need their turn meanwhile. */
import { load } from 'js-yaml'
import { makeWay } from '../process/fair-turn.ts'

export interface ChartVersion {
  urls: string[]
  /** SHA-256 of the archive, where the index gives it. */
  digest?: string
}

/** Versions by the chart's name. */
export type Index = Map<string, Map<string, ChartVersion>>

/** Takes some two milliseconds to read. */
const pieceLength = 32 * 1024
/** What is written in another form than helm's is read in one go, which takes time that nobody else has. */
const mostInOneGo = 8 * 1024 * 1024
const notInPieces = 'it is large, and not written as "helm repo index" writes it: have it written anew'

/** Helm writes none. */
const mostAliases = 1000
/** What is kept of a version, and of a whole index: as much as the longest text that is read, aliases written out. */
const longestText = 4096
const mostUrls = 16
const mostKept = 64 * 1024 * 1024
/** Of a version, beside its texts. */
const overhead = 200

/** Throws an Error that says what is wrong with it. */
export async function readIndexText(text: string): Promise<Index> {
  const found = entriesOf(text)
  if (!found) return inOneGo(text)
  const index = new Collected()
  try {
    for (const piece of pieces(text, found)) {
      index.add(load(piece, { maxAliases: mostAliases }))
      await makeWay()
    }
    return index.charts
  } catch (error) {
    // A piece may refer to another.
    if (text.length > mostInOneGo) throw error
    return inOneGo(text)
  }
}

function inOneGo(text: string): Index {
  const parsed = parse(text) as { entries?: unknown } | null
  if (typeof parsed !== 'object' || typeof parsed?.entries !== 'object') throw new Error('it has no entries')
  const index = new Collected()
  index.add(parsed.entries)
  return index.charts
}

function parse(text: string): unknown {
  if (text.length <= mostInOneGo) return load(text, { maxAliases: mostAliases })
  if (/^\s*\{/.test(text)) return JSON.parse(text)
  throw new Error(notInPieces)
}

class Collected {
  readonly charts: Index = new Map()
  #kept = 0

  add(entries: unknown): void {
    for (const [chart, listed] of Object.entries(entries ?? {})) {
      const versions = this.charts.get(chart) ?? new Map<string, ChartVersion>()
      this.charts.set(chart, versions)
      for (const item of Array.isArray(listed) ? (listed as (Record<string, unknown> | null)[]) : []) {
        const { version, urls, digest } = item ?? {}
        // Of anything else the text may be endless.
        if (typeof version !== 'string' && typeof version !== 'number') continue
        const kept = {
          urls: Array.isArray(urls) ? urls.slice(0, mostUrls).filter((url) => typeof url === 'string') : [],
          ...(typeof digest === 'string' && { digest }),
        }
        versions.set(...this.#counted(String(version), kept))
      }
    }
  }

  #counted(name: string, kept: ChartVersion): [name: string, kept: ChartVersion] {
    const texts = [name, kept.digest ?? '', ...kept.urls]
    if (texts.some(({ length }) => length > longestText)) {
      throw new Error(`a version, address or digest in it has more than ${longestText} characters`)
    }
    this.#kept += texts.reduce((sum, { length }) => sum + length, overhead)
    if (this.#kept > mostKept) throw new Error(`it lists more than ${mostKept / 1024 / 1024} MB, aliases written out`)
    return copied([name, kept])
  }
}

/** A part of a text keeps all of it in memory. */
function copied<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

/** Where the charts begin, when each has lines of its own, and how far in. */
function entriesOf(text: string): { from: number; indent: number } | undefined {
  const key = /^entries:[ \t]*(#.*)?\r?$/m.exec(text)
  if (!key) return undefined
  const from = key.index + key[0].length + 1
  const first = /^( *)[^\s#-]/m.exec(text.slice(from, from + pieceLength))
  return first?.[1] ? { from, indent: first[1].length } : undefined
}

/** Each is YAML of its own: a chart, or some of its versions under its name. */
function* pieces(text: string, { from, indent }: { from: number; indent: number }): Generator<string> {
  let name = ''
  let itemIndent: number | undefined
  let piece = ''
  for (let at = from; at < text.length; ) {
    const newline = text.indexOf('\n', at)
    const end = newline < 0 ? text.length : newline + 1
    const line = text.slice(at, end)
    at = end
    const depth = /^ *(?=[^\s#])/.exec(line)?.[0].length
    // Blank lines and comments; those that are part of a text are of no interest either.
    if (depth === undefined) continue
    if (depth === 0) break
    const isItem = /^ *-\s/.test(line)
    if (depth === indent && !isItem) {
      if (piece.length > pieceLength) {
        yield piece
        piece = ''
      }
      name = line
      itemIndent = undefined
    } else if (isItem && (itemIndent ?? depth) === depth) {
      itemIndent = depth
      if (piece.length > pieceLength) {
        yield piece
        piece = name
      }
    }
    piece += line
    if (piece.length > mostInOneGo) throw new Error(notInPieces)
  }
  if (piece) yield piece
}
