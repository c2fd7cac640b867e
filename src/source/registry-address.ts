/** How charts and artifacts are addressed: by HTTP, or in a registry with a scheme or without. Pure. */
import { StageError, withoutPassword } from '../model/index.ts'

export function isHttp(url: string): boolean {
  return /^https?:\/\//i.test(url)
}

export function isOci(url: string): boolean {
  return /^oci:\/\//i.test(url)
}

/** Without a scheme. */
export function registryOf(url: string): string {
  return url.replace(/^oci:\/\//i, '').replace(/\/+$/, '')
}

/** The last part of the path is the name of what is versioned. */
export function splitArtifact(url: string): { parent: string; name: string } {
  const path = registryOf(url)
  const slash = path.lastIndexOf('/')
  if (slash < 0) {
    const message = `${withoutPassword(url)} names a registry and no repository of it: write oci://HOST/PATH`
    throw new StageError('source', message, { retry: false })
  }
  return { parent: path.slice(0, slash), name: path.slice(slash + 1) }
}
