/** What an installation of Argo CD has that Tiphys does otherwise, not at all, or only once something is decided. Pure. */
export type { Finding, Level } from './finding.ts'
export { takeOver } from './take-over.ts'
