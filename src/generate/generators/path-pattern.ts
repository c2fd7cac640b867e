/** Patterns of paths, in the three dialects that Argo CD's git generator knows. Pure. */
import { matchesGlob } from '../../model/index.ts'

/** Of directories, as Go's path.Match: nothing crosses a slash. */
export function matchesDirectory(pattern: string, path: string): boolean {
  return matchesGlob(goPattern(pattern), path, '/')
}

/** Whether a directory at this path can hold what the pattern means. */
export function mayLeadTo(pattern: string, path: string): boolean {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (given.length >= wanted.length) return false
  return matchesDirectory(wanted.slice(0, given.length).join('/'), path)
}

/** Two stars are one there, and braces stand for themselves. */
function goPattern(pattern: string): string {
  return pattern.replace(/\*+/g, '*').replace(/[{}]/g, '\\$&')
}

export interface FilePattern {
  matches(path: string): boolean
  /** Whether a file below this directory can match. */
  mayBeBelow(directory: string): boolean
}

/** As `git ls-files` reads it: a star crosses slashes, and a directory means everything below it. */
export function pathspec(pattern: string): FilePattern {
  const clean = pattern.replace(/^\.?\/+/, '').replace(/\/+$/, '')
  const fixed = fixedPart(clean)
  const glob = clean.replace(/\*+/g, '*').replace(/[{}]/g, '\\$&')
  const isPattern = /[*?[]/.test(clean)
  return {
    matches: (path) =>
      path === clean || path.startsWith(`${clean}/`) || clean === '' || (isPattern && matchesGlob(glob, path)),
    mayBeBelow: (directory) => leadsTo(fixed, directory),
  }
}

/** `**` crosses slashes, a single star does not. */
export function doublestar(pattern: string): FilePattern {
  const clean = pattern.replace(/^\.?\/+/, '')
  const fixed = fixedPart(clean)
  // "a/**/b" means a/b as well.
  const variants = clean.includes('**/') ? [clean, clean.replaceAll('**/', '')] : [clean]
  return {
    matches: (path) => variants.some((variant) => matchesGlob(variant, path, '/')),
    mayBeBelow: (directory) => leadsTo(fixed, directory),
  }
}

/** The directories before the first one with a pattern in it. */
function fixedPart(pattern: string): string[] {
  const segments = pattern.split('/')
  const first = segments.findIndex((segment) => /[*?[{\\]/.test(segment))
  return first < 0 ? segments : segments.slice(0, first)
}

function leadsTo(fixed: string[], directory: string): boolean {
  if (directory === '') return true
  const given = directory.split('/')
  return given.every((segment, index) => index >= fixed.length || segment === fixed[index])
}
