/** Names that Kubernetes accepts, from any text: what ApplicationSet adds to sprig. */
import { type TemplateFunction, templateFunction, type Value } from '../value.ts'

const longestName = 253

export function normalisedName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^-a-z0-9.]/gu, '-')
    .slice(0, longestName)
    .replace(/^[-.]+/, '')
    .replace(/(?<![-.])[-.]+$/, '')
}

/** At most so many characters, cut at a hyphen when `smart`. The text comes last: `slugify 23 false .branch`. */
function slug(...given: Value[]): string {
  const text = given.at(-1)
  const length = given.length > 1 ? given[0] : 50n
  const smart = given.length > 2 ? given[1] : true
  if (typeof text !== 'string' || typeof length !== 'bigint' || typeof smart !== 'boolean' || given.length > 3) {
    throw new Error('slugify takes a length, whether to cut at hyphens, and the text')
  }
  const limit = Number(length)
  const name = normalisedName(text)
  const cut = smart ? name : name.slice(0, limit)
  const whole = cut
    .replace(/[^a-z0-9-_]/g, '-')
    .replace(/-+/g, '-')
    .replace(/^[-_]|[-_]$/g, '')
  if (!smart || limit <= 0 || whole.length <= limit) return whole
  const hyphen = whole.lastIndexOf('-', limit)
  return whole.slice(0, hyphen < 0 ? limit : hyphen)
}

export const nameFunctions: Record<string, TemplateFunction> = {
  normalize: templateFunction(['string'], normalisedName),
  slugify: templateFunction(['...any'], slug),
}
