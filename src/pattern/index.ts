export { globMatcher } from './glob.ts'
export { longestText, type Matcher, regexMatcher } from './matcher.ts'
export { Pattern } from './pattern.ts'
export type { Slots } from './search.ts'
