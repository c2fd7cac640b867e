/** An application's sources, rendered one after the other and laid together. */
import { deepEqual } from 'fast-equals'
import {
  type Application,
  type ApplicationSource,
  instanceName,
  type Manifest,
  type Revision,
  type SourceTree,
  type SourceType,
  withoutPassword,
} from '../model/index.ts'
import type { ProjectInForce } from '../project/index.ts'
import type { ProjectSources } from '../source/project-sources.ts'
import type { Finding } from './conditions.ts'
import { checkIntegrity } from './source-integrity.ts'
import type { Cluster, Stages } from './stages.ts'

export interface RenderRequest {
  application: Application
  sources: ApplicationSource[]
  project: ProjectInForce
  cluster: Cluster
  /** In place of those that the sources name, where set. */
  revisions?: string[]
  /** What the same sources rendered to the last time: it stands as long as their revisions and the kinds served do. */
  before?: RenderedSources
  /** Asks the repositories even if they were asked just now. */
  refresh?: boolean
  /** Asks the repositories that were last asked before this time. */
  notOlderThan?: number
  signal: AbortSignal
}

export interface RenderedSources {
  /** One for each source, in its order. */
  revisions: string[]
  manifests: Manifest[]
  sourceTypes: SourceType[]
  findings: Finding[]
  /** The kinds that the cluster served: charts may ask for them. */
  servedKinds: object
  /** Of the project, which decide with whose credentials remote bases and dependencies were read; absent: none were. */
  sourceRepos?: string[]
  /** From what addresses value files could be read; absent: none were. */
  valuesFileSchemes?: string[]
}

/** Whether it is still the same that sources may refer to. */
export function isOfSameRules(
  { sourceRepos, valuesFileSchemes }: RenderedSources,
  { spec }: ProjectInForce,
  { settings }: Pick<Stages, 'settings'>,
): boolean {
  if (sourceRepos === undefined) return true
  return deepEqual([sourceRepos, valuesFileSchemes], [spec.sourceRepos ?? [], settings.valuesFileSchemes])
}

export async function renderSources(request: RenderRequest, stages: Stages): Promise<RenderedSources> {
  const reader = stages.sources.forProject(request.application.spec.project)
  const resolved = await Promise.all(
    request.sources.map(async (source, index) => {
      const wanted = request.revisions?.[index]
      const pinned = wanted ? { ...source, targetRevision: wanted } : source
      const { refresh, notOlderThan, signal } = request
      return stages.tracer.span('resolve', tellSource(source), async (span) => {
        const found = await reader.resolve(pinned, { refresh, notOlderThan, signal })
        span.set({ 'argocd.resolved_revision': found.revision })
        return { source, found }
      })
    }),
  )
  const revisions = resolved.map(({ found }) => found.revision)
  const { project, sources, signal } = request
  await checkIntegrity({ project, sources, revisions, signal }, stages)
  const { before } = request
  const servedKinds = request.cluster.live.resources()
  if (before?.servedKinds === servedKinds && before.revisions.join() === revisions.join()) {
    if (isOfSameRules(before, project, stages)) return before
  }
  const begun = performance.now()
  const trees = await referencedTrees(resolved, reader, request.signal)
  const rendering = Promise.all(
    resolved
      .map(({ source, found }) => ({ source: withRoot(source), found }))
      .filter(({ source }) => source.path !== undefined || source.chart !== undefined)
      .map(({ source, found }) => renderSource({ source, found, trees }, request, stages)),
  )
  const instance = instanceName(request.application, stages.controlPlane.namespace)
  const rendered = await rendering.finally(() => {
    stages.observer.rendered(instance, (performance.now() - begun) / 1000)
  })
  return {
    revisions,
    servedKinds,
    sourceRepos: project.spec.sourceRepos ?? [],
    valuesFileSchemes: stages.settings.valuesFileSchemes,
    manifests: rendered.flatMap(({ manifests }) => manifests),
    sourceTypes: rendered.map(({ sourceType }) => sourceType),
    findings: rendered.flatMap(({ warnings }) =>
      warnings.map((message): Finding => ({ type: 'RenderWarning', message })),
    ),
  }
}

interface Resolved {
  source: ApplicationSource
  found: Revision
}

/** An artifact of a registry is read from its root where no path is given. */
function withRoot(source: ApplicationSource): ApplicationSource {
  const isArtifact = source.chart === undefined && source.repoURL.startsWith('oci://')
  return isArtifact && !source.path && !source.ref ? { ...source, path: '.' } : source
}

/** The trees that value files of other sources name as `$ref/…`. */
async function referencedTrees(
  resolved: Resolved[],
  reader: ProjectSources,
  signal: AbortSignal,
): Promise<Record<string, SourceTree>> {
  const named = resolved.filter(({ source }) => source.ref)
  const entries = await Promise.all(
    named.map(async ({ source, found }) => [source.ref, await reader.tree(source, found.revision, signal)] as const),
  )
  return Object.fromEntries(entries)
}

async function renderSource(
  { source, found, trees }: Resolved & { trees: Record<string, SourceTree> },
  { application, cluster, signal }: RenderRequest,
  stages: Stages,
) {
  const reader = stages.sources.forProject(application.spec.project)
  const about = { ...tellSource(source), 'argocd.resolved_revision': found.revision }
  const tree = await stages.tracer.span('fetch', about, () => reader.tree(source, found.revision, signal))
  const resources = cluster.live.resources()
  return stages.tracer.span('render', about, async (span) => {
    const rendered = await stages.renderer.render({
      application: {
        name: application.metadata.name,
        namespace: application.metadata.namespace ?? stages.controlPlane.namespace,
        project: application.spec.project,
        destinationNamespace: application.spec.destination.namespace ?? '',
      },
      source,
      revision: found.revision,
      tree,
      refTrees: trees,
      cluster: { version: resources.version, apiVersions: resources.versions },
      signal,
    })
    span.set({ 'argocd.app.source_type': rendered.sourceType, 'tiphys.manifests': rendered.manifests.length })
    return rendered
  })
}

/** An address may hold a password, or a token behind a question mark. */
function tellSource({ repoURL, path, chart }: ApplicationSource) {
  const url = withoutPassword(repoURL).replace(/\?.*$/s, '')
  return { 'argocd.source.repo_url': url, 'argocd.source.path': path, 'argocd.source.chart': chart }
}
