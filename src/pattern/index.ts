/** Regular expressions and globs in time proportional to their length and that of the text. */
export { longestText, type Matcher, regexMatcher } from './matcher.ts'
export { folderOfGlob, pathGlobMatcher } from './path-glob.ts'
export { Pattern } from './pattern.ts'
export { policyGlobMatcher } from './policy-glob.ts'
export type { Slots } from './search.ts'
export { settingsGlobMatcher } from './settings-glob.ts'
