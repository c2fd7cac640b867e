/** The links of an object: what its annotations name. Pure. */
import type { KubeObject } from '../../../model/index.ts'

const linkPrefix = 'link.argocd.argoproj.io/'
const ignoreDefaultLinks = 'argocd.argoproj.io/ignore-default-links'

/** An address, or `title|address`. */
export function annotatedLinks({ metadata }: KubeObject): string[] {
  return Object.entries(metadata.annotations ?? {})
    .filter(([name]) => name.startsWith(linkPrefix))
    .map(([, link]) => link)
    .filter((link) => isWebAddress(link.slice(link.indexOf('|') + 1)))
}

export function wantsOwnLinksOnly({ metadata }: KubeObject): boolean {
  return ['1', 't', 'true'].includes((metadata.annotations?.[ignoreDefaultLinks] ?? '').toLowerCase())
}

/** A page makes a link of it, and anything but these may be a script. */
export function isWebAddress(text: string): boolean {
  try {
    return ['http:', 'https:'].includes(new URL(text).protocol)
  } catch {
    return false
  }
}
