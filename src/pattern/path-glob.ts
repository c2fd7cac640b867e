/** Globs of files below a folder: as in settings, and `**` between slashes is any number of folders, none too. */
import type { Matcher } from './matcher.ts'
import { settingsGlobMatcher } from './settings-glob.ts'

const anyFolders = /(?<=^|[/{,])\*\*\//g

export function pathGlobMatcher(pattern: string): Matcher {
  return settingsGlobMatcher(pattern.replace(anyFolders, '{,**/}'), '/')
}

/** The folder below which all matching files are; empty: the root. */
export function folderOfGlob(pattern: string): string {
  const parts = pattern.split('/')
  const first = parts.findIndex((part) => /[*?[{\\]/.test(part))
  return parts.slice(0, first < 0 ? -1 : first).join('/')
}
