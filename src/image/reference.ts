/** Names of images, as people and clusters write them. Pure. */

export interface ImageReference {
  /** As it was written, without tag and digest: what goes into manifests. */
  name: string
  /** `HOST` or `HOST:PORT`; `docker.io` where none is written. */
  registry: string
  /** The path at the registry. */
  repository: string
  /** Of a rule, its constraint. */
  tag?: string
  digest?: string
}

const dockerHub = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com'])

/** `[HOST[:PORT]/]PATH[:TAG][@DIGEST]`; undefined for what is no name of an image. */
export function parseReference(text: string): ImageReference | undefined {
  const match = /^((?:[^/:@\s]+(?::\d+)?\/)?[^:@\s]+)(?::([^@/]*))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(text.trim())
  const name = match?.[1]
  if (!name || name.endsWith('/')) return undefined
  const slash = name.indexOf('/')
  const first = name.slice(0, Math.max(slash, 0))
  const hasHost = /[.:]/.test(first) || first === 'localhost'
  const host = hasHost ? first.toLowerCase() : 'docker.io'
  if (hasHost && !/^[a-z0-9]+(?:[.-]+[a-z0-9]+)*(?::\d+)?$/.test(host)) return undefined
  const path = hasHost ? name.slice(slash + 1) : name
  if (!path.split('/').every((part) => /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/i.test(part))) return undefined
  const isHub = dockerHub.has(host)
  return {
    name,
    registry: isHub ? 'docker.io' : host,
    repository: isHub && !path.includes('/') ? `library/${path}` : path,
    ...(match[2] && { tag: match[2] }),
    ...(match[3] && { digest: match[3] }),
  }
}

export function imageKey({ registry, repository }: Pick<ImageReference, 'registry' | 'repository'>): string {
  return `${registry}/${repository}`.toLowerCase()
}

export function isSameImage(one: ImageReference, other: ImageReference): boolean {
  return imageKey(one) === imageKey(other)
}

/** What follows the name: `TAG`, or with its digest `TAG@sha256:…`. */
export interface ImageVersion {
  tag: string
  digest?: string
}

export function versionText({ tag, digest }: ImageVersion): string {
  return digest ? `${tag}@${digest}` : tag
}
