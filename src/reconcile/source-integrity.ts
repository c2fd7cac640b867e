/** Sees to it that only what is signed as the project asks for is rendered and deployed. */
import { LRUCache } from 'lru-cache'
import { type ApplicationSource, type CommitSignature, StageError } from '../model/index.ts'
import { type ProjectInForce, signatureFault, signaturePolicy } from '../project/index.ts'
import type { Stages } from './stages.ts'

/** A commit never changes; the keys that are trusted may. */
const remembered = new LRUCache<string, CommitSignature>({ max: 5000 })

export interface IntegrityRequest {
  project: ProjectInForce
  sources: ApplicationSource[]
  /** One for each source. */
  revisions: string[]
  signal: AbortSignal
}

type IntegrityStages = Pick<Stages, 'controlPlane' | 'sources'>

/** Throws a StageError that says which commit is not signed well enough. */
export async function checkIntegrity(request: IntegrityRequest, stages: IntegrityStages): Promise<void> {
  const { project, sources, revisions, signal } = request
  for (const [at, source] of sources.entries()) {
    const policy = source.chart === undefined ? signaturePolicy(project, source.repoURL) : undefined
    const revision = revisions[at] ?? ''
    if (!policy) continue
    if ('fault' in policy) throw new StageError('project', policy.fault, { retry: false })
    if (revision === '') {
      const message = `the project ${project.name} asks for signed commits of ${source.repoURL}, which local manifests are not`
      throw new StageError('project', message, { retry: false })
    }
    const signature = await signatureOf(source, { revision, signal, project: project.name, stages })
    // Charts are not asked about; an artifact in the place of a repository is, and has nothing to show.
    const fault = signature ? signatureFault(signature, policy.keys) : 'it is no commit'
    if (!fault) continue
    const message = `the project ${project.name} asks for signed commits of ${source.repoURL}, and ${revision} is refused: ${fault}. Sign it, or change signatureKeys or sourceIntegrity of the project`
    throw new StageError('project', message, { retry: false })
  }
}

async function signatureOf(
  source: ApplicationSource,
  {
    revision,
    signal,
    project,
    stages,
  }: { revision: string; signal: AbortSignal; project: string; stages: IntegrityStages },
): Promise<CommitSignature | undefined> {
  const keys = Object.values(stages.controlPlane.settings('argocd-gpg-keys-cm'))
  const name = JSON.stringify([project, source.repoURL, revision, ...keys])
  const known = remembered.get(name)
  if (known) return known
  const signature = await stages.sources.forProject(project).signature(source, revision, { keys, signal })
  if (signature) remembered.set(name, signature)
  return signature
}
