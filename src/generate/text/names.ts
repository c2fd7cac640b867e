/** Names out of any text: what `normalize` and `slugify` make. Pure. */

const longestName = 253

/** Lower case, of letters, digits, `-` and `.`, as Kubernetes wants names. */
export function normalizedName(text: string): string {
  const replaced = text.toLowerCase().replace(/[^-a-z0-9.]/gu, '-')
  return replaced.slice(0, longestName).replace(/^[-.]+|[-.]+$/g, '')
}

export interface SlugOptions {
  maxLength?: number
  /** Cuts between words where there are several. */
  isSmart?: boolean
}

export function slug(text: string, { maxLength = 50, isSmart = true }: SlugOptions = {}): string {
  let made = text.trim().replaceAll('&', 'and').replaceAll('@', 'at')
  // Letters without their accents; what no Latin letter stands for is left out of the name.
  made = made.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  if (!isSmart && made.length >= maxLength) made = made.slice(0, Math.max(maxLength, 0))
  made = made
    .replace(/[^a-z0-9\-_]+/g, '-')
    .replace(/-+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '')
  if (!isSmart || maxLength <= 0 || made.length <= maxLength) return made
  const end = made.lastIndexOf('-', maxLength)
  return made.slice(0, end < 0 ? maxLength : end)
}
