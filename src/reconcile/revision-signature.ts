/** What a commit's signature is worth to the project that asks for it, in words. */
import { type ApplicationSource, messageOf, StageError } from '../model/index.ts'
import { type ProjectInForce, signaturePolicy } from '../project/index.ts'
import { checkIntegrity } from './source-integrity.ts'
import type { Stages } from './stages.ts'

export interface SignatureRequest {
  project: ProjectInForce
  source: ApplicationSource
  revision: string
  signal: AbortSignal
}

/** undefined: the project asks for none. */
export async function signatureInWords(
  { project, source, revision, signal }: SignatureRequest,
  stages: Stages,
): Promise<string | undefined> {
  if (source.chart !== undefined || !signaturePolicy(project, source.repoURL)) return undefined
  try {
    await checkIntegrity({ project, sources: [source], revisions: [revision], signal }, stages)
    return `signed as the project ${project.name} asks for`
  } catch (error) {
    if (error instanceof StageError) return messageOf(error)
    throw error
  }
}
