/** Which files an application's manifests are made from, where its annotation says so. */
import { posix } from 'node:path'
import { type PathPattern, parsePathPattern } from './path-pattern.ts'

export interface RefreshPath {
  /** From the root of the repository, without a slash in front; empty is the root. */
  path: string
  pattern?: PathPattern
}

/** `argocd.argoproj.io/manifest-generate-paths`: `;` between paths, from the source's folder unless they begin with `/`. */
export function refreshPaths(annotation: string | undefined, folder: string): RefreshPath[] {
  const items = (annotation ?? '').split(';').map((item) => item.trim())
  return items
    .filter((item) => item !== '')
    .map((item) => refreshPath(item.startsWith('/') ? item : `${folder}/${item}`))
}

/** A path that leads out of the repository means its root. */
function refreshPath(path: string): RefreshPath {
  const clean = posix.normalize(`/${path}`).slice(1).replace(/\/$/, '')
  const pattern = parsePathPattern(clean)
  return pattern ? { path: clean, pattern } : { path: clean }
}

/** Files in order, so that those of a folder stand together and ten thousand applications can ask for theirs. */
export type ChangedFiles = readonly string[]

export function changedFilesOf(files: string[]): ChangedFiles {
  return [...new Set(files.map((file) => (file.startsWith('/') ? file.slice(1) : file)))].sort()
}

/** No paths means that any file matters. */
export function touchesAny(paths: RefreshPath[], files: ChangedFiles): boolean {
  return paths.length === 0 || paths.some((path) => touches(path, files))
}

function touches({ path, pattern }: RefreshPath, files: ChangedFiles): boolean {
  if (path === '') return files.length > 0
  if (files[firstFrom(files, path)] === path) return true
  if (files[firstFrom(files, `${path}/`)]?.startsWith(`${path}/`)) return true
  if (!pattern) return false
  for (let index = firstFrom(files, pattern.prefix); index < files.length; index++) {
    const file = files[index] ?? ''
    if (!file.startsWith(pattern.prefix)) return false
    if (pattern.matches(file)) return true
  }
  return false
}

/** The place of the first file that does not stand before the text. */
function firstFrom(files: ChangedFiles, text: string): number {
  let low = 0
  let high = files.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((files[middle] ?? '') < text) low = middle + 1
    else high = middle
  }
  return low
}
