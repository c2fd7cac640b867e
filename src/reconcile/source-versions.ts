/** Of each of an application's sources: which version runs, which its targetRevision allows, and which there are. */
import { type Application, type ApplicationSource, messageOf, sourcesOf } from '../model/index.ts'
import { type ProjectInForce, refusal } from '../project/index.ts'
import type { KnownVersion, ProjectSources } from '../source/project-sources.ts'
import { chooseVersion, type VersionChoice } from '../source/version-choice.ts'
import type { Stages } from './stages.ts'

export interface SourceVersions extends Omit<VersionChoice, 'kind'> {
  source: ApplicationSource
  kind: VersionChoice['kind'] | 'unknown'
  /** What the application was last seen at. */
  revision?: string
  /** The version that this revision is. */
  running?: string
  /** Why nothing is known. */
  message?: string
}

export interface VersionsRequest {
  application: Application
  project: ProjectInForce
  /** Asks the repositories even if they were asked just now. */
  refresh: boolean
  signal: AbortSignal
}

export function sourceVersions(
  request: VersionsRequest,
  { sources }: Pick<Stages, 'sources'>,
): Promise<SourceVersions[]> {
  const { application, project } = request
  const reader = sources.forProject(project.name)
  const { revision = '', revisions } = application.status?.sync ?? {}
  const seen = revisions?.length ? revisions : [revision]
  return Promise.all(
    sourcesOf(application.spec).map(async (source, at) => {
      const found = await versionsOf({ source, revision: seen[at] ?? '', reader }, request).catch(
        (error: unknown): SourceVersions => ({ source, kind: 'unknown', heldBack: [], message: messageOf(error) }),
      )
      return { ...found, ...(seen[at] && { revision: seen[at] }) }
    }),
  )
}

interface Read {
  source: ApplicationSource
  revision: string
  reader: ProjectSources
}

async function versionsOf(
  { source, revision, reader }: Read,
  { project, refresh, signal }: VersionsRequest,
): Promise<SourceVersions> {
  const refused = refusal(project, { kind: 'source', repoURL: source.repoURL })
  if (refused) return { source, kind: 'unknown', heldBack: [], message: refused }
  const { targetRevision = '', tagPrefix = '', chart } = source
  const known = (await reader.versions(source, { refresh, signal })).flatMap((version) =>
    version.name.startsWith(tagPrefix) ? [{ ...version, name: version.name.slice(tagPrefix.length) }] : [],
  )
  const isChart = chart !== undefined || source.repoURL.startsWith('oci://')
  const names = known.map(({ name }) => name)
  const choice = chooseVersion({ targetRevision, names, prefix: tagPrefix, isChart })
  const running =
    runningVersion(known, revision, choice) ?? (await runningArtifact({ source, revision, reader }, choice, signal))
  return { source, ...choice, ...(running && { running }) }
}

/** Several tags may point to one commit: the one that the targetRevision chooses comes first. */
function runningVersion(known: KnownVersion[], revision: string, { allowed }: VersionChoice): string | undefined {
  const same = known.filter((version) => version.revision === revision && revision !== '')
  return (same.find(({ name }) => name === allowed) ?? same[0])?.name
}

/** Artifacts run by digest: which tag that is, only the registry can say. */
async function runningArtifact({ source, revision, reader }: Read, { allowed }: VersionChoice, signal: AbortSignal) {
  if (!revision.startsWith('sha256:') || allowed === undefined) return undefined
  const found = await reader.resolve({ ...source, targetRevision: (source.tagPrefix ?? '') + allowed }, { signal })
  return found.revision === revision ? allowed : undefined
}
