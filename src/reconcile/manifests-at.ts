/** What an application's sources render to, for whoever wants to see it: nothing is compared. */
import {
  type Application,
  type ApplicationSource,
  type KubeObject,
  pinnedForm,
  type SourceType,
  sourcesOf,
  track,
} from '../model/index.ts'
import { examine } from './examine.ts'
import type { Cluster, Stages } from './stages.ts'

export interface ManifestsRequest {
  application: Application
  /** One for each source; '' is what the source names. */
  revisions?: string[]
  /** In the place of those of the application. */
  sources?: ApplicationSource[]
  /** Asks the repositories even if they were asked just now. */
  refresh: boolean
  signal: AbortSignal
}

export interface RenderedManifests {
  /** In their namespaces, with the marks of tracking. */
  manifests: KubeObject[]
  revisions: string[]
  sourceTypes: SourceType[]
  cluster: Cluster
}

/** Throws a StageError that says what stands in the way. */
export async function manifestsAt(request: ManifestsRequest, stages: Stages): Promise<RenderedManifests> {
  const { revisions, sources: given } = request
  // Who names a revision does not mean the one that the application is pinned to.
  const application = revisions || given ? request.application : pinnedForm(request.application)
  const sources = given ?? sourcesOf(application.spec)
  const { rendered, manifests, instance, cluster } = await examine({ ...request, application, sources }, stages)
  const { tracking } = stages.settings
  return {
    manifests: manifests.map(({ object }) => track(object, instance, tracking)),
    revisions: rendered.revisions,
    sourceTypes: rendered.sourceTypes,
    cluster,
  }
}
