/** Where an application leads to outside of the page: what it serves, what its declaration tells, what the installation adds. Pure. */
import type { Application } from '../../../lib/api.ts'
import type { OuterLink } from '../data/links.ts'

export function outerLinks({ spec, status }: Application, ofInstallation: OuterLink[]): OuterLink[] {
  const all = [
    ...(status?.summary?.externalURLs ?? []).map(readLink),
    ...(spec.info ?? []).map(({ name, value }) => ({ title: name, url: value })),
    ...ofInstallation,
  ]
  return [...new Map(all.filter(({ url }) => isWebAddress(url)).map((link) => [link.url, link])).values()]
}

/** An address, or `title|address`. */
export function readLink(text: string): OuterLink {
  const bar = text.indexOf('|')
  if (bar >= 0) return { title: text.slice(0, bar), url: text.slice(bar + 1) }
  return { title: text.replace(/^https?:\/\//, '').replace(/\/$/, ''), url: text }
}

/** Anything else may be a script. */
export function isWebAddress(text: string): boolean {
  try {
    return ['http:', 'https:'].includes(new URL(text).protocol)
  } catch {
    return false
  }
}
