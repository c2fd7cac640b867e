/** Which tags count at all: allow-tags and ignore-tags. Neither takes longer than the text is long. Pure. */
import { messageOf } from '../model/index.ts'
import { Pattern } from '../pattern/index.ts'
import { Budget } from '../template/index.ts'

export interface TagFilterSettings {
  /** `regexp:PATTERN` or `any`. */
  allowTags?: string
  /** Globs. */
  ignoreTags?: string[]
}

/** Longer texts are no patterns but something else. */
const longestPattern = 1000
/** More than any pattern of that length needs for a tag. */
const limits = { steps: 2_000_000, textLength: 0, depth: 0 }

/** Which of the two does not let a tag through. */
export type TagRefusal = 'allow-tags' | 'ignore-tags'

/** Throws an error whose message says what cannot be read. */
export function tagFilter({
  allowTags = '',
  ignoreTags = [],
}: TagFilterSettings): (tag: string) => TagRefusal | undefined {
  const allows = allowed(allowTags.trim())
  const ignored = ignoreTags.map((glob) => matcher('ignore-tags', `^${expressionOf(glob.trim())}$`))
  return (tag) => {
    if (!allows(tag)) return 'allow-tags'
    return ignored.some((matches) => matches(tag)) ? 'ignore-tags' : undefined
  }
}

function allowed(text: string): (tag: string) => boolean {
  if (text === '' || text === 'any') return () => true
  const source = /^regexp:(.*)$/s.exec(text)?.[1]
  if (source === undefined) throw new Error(`allow-tags is ${JSON.stringify(text)}: write regexp:PATTERN or any`)
  return matcher('allow-tags', source)
}

function matcher(what: string, source: string): (tag: string) => boolean {
  if (source.length > longestPattern) throw new Error(`${what} has a pattern of more than ${longestPattern} characters`)
  const pattern = readPattern(what, source)
  return (tag) => {
    const budget = new Budget(limits)
    return pattern.test(tag, (steps) => budget.step(steps))
  }
}

function readPattern(what: string, source: string): Pattern {
  try {
    return new Pattern(source)
  } catch (error) {
    throw new Error(`${what} cannot be read: ${messageOf(error)}`)
  }
}

/** Of a glob as shells have it: `*`, `?` and `[a-z]`. */
function expressionOf(glob: string): string {
  return glob.replace(/\*|\?|\[[^\]]+\]|./gs, (part) => {
    if (part === '*') return '.*'
    if (part === '?') return '.'
    return part.length > 1 ? part : part.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  })
}
