/** What manifests and configurations of images say, of OCI and of Docker. Pure. */
import { fieldAt, listAt, textAt } from '../../model/index.ts'

export const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

/** `os/architecture[/variant]`. */
export type Platform = string

export type Manifest =
  /** One image for each platform. */
  { kind: 'index'; images: { platform: Platform; digest: string }[] } | { kind: 'image'; config: string }

const digestForm = /^sha256:[0-9a-f]{64}$/

/** Undefined for what is neither. */
export function readManifest(value: unknown): Manifest | undefined {
  const images = listAt(value, 'manifests').flatMap((entry) => {
    const digest = textAt(entry, 'digest')
    const platform = platformOf(fieldAt(entry, 'platform'))
    // Attestations stand beside the images, for a platform that there is not.
    return digestForm.test(digest) && platform !== 'unknown/unknown' ? [{ platform, digest }] : []
  })
  if (images.length > 0) return { kind: 'index', images }
  const config = textAt(value, 'config', 'digest')
  return digestForm.test(config) ? { kind: 'image', config } : undefined
}

export interface ImageConfig {
  platform: Platform
  /** Milliseconds since 1970; undefined where the image does not say, or says the beginning of time. */
  builtAt: number | undefined
}

export function readConfig(value: unknown): ImageConfig {
  const at = Date.parse(textAt(value, 'created'))
  return { platform: platformOf(value), builtAt: Number.isNaN(at) || at <= 0 ? undefined : at }
}

function platformOf(value: unknown): Platform {
  const parts = [textAt(value, 'os'), textAt(value, 'architecture'), textAt(value, 'variant')]
  return parts.filter((part) => part !== '').join('/')
}

/** Where no variant is asked for, each will do. */
export function isPlatform(asked: Platform, found: Platform): boolean {
  return found === asked || found.startsWith(`${asked}/`)
}

const usual: Platform = 'linux/amd64'

/** Those that are asked for; else the usual one, or the first. */
export function imagesFor(images: { platform: Platform; digest: string }[], asked: Platform[]) {
  if (asked.length > 0) return images.filter(({ platform }) => asked.some((one) => isPlatform(one, platform)))
  const one = images.find(({ platform }) => platform === usual) ?? images[0]
  return one ? [one] : []
}
