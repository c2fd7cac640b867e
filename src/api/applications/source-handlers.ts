/** What an application is made from, and when it may be. */
import { routes } from '../../contract/index.ts'
import { maskSecretsAnd } from '../../diff/index.ts'
import {
  type Application,
  deployedSources,
  type KubeObject,
  messageOf,
  sourcesOf,
  stringifyJson,
} from '../../model/index.ts'
import { manifestsAt } from '../../reconcile/manifests-at.ts'
import { windowsOf } from '../../reconcile/operation-permission.ts'
import { compareProposal } from '../../reconcile/proposed-manifests.ts'
import { ApiError } from '../api-error.ts'
import { parseGivenJson } from '../given-json.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { listOf } from './application-filter.ts'
import { observedApplications } from './observed-application.ts'
import { requestedRevisions } from './requested-revisions.ts'
import { deployment } from './requested-source.ts'
import { resourceDiff } from './resource-diff.ts'
import { syncWindowsAnswer } from './sync-windows-answer.ts'

export function applicationSourceHandlers(services: Services): Handler[] {
  const { stages } = services
  const applications = observedApplications(services)
  return [
    handler(routes.applicationSources.manifests, async (call) => {
      const application = applications.find(call, call.params.name)
      return renderedAnswer(application, call, services)
    }),
    handler(routes.applicationSources.serverSideDiff, async (call) => {
      const application = applications.find(call, call.params.appName)
      const objects = listOf(call.query.targetManifests).map(readManifest)
      const compared = await compareProposal({ application, objects, signal: call.signal }, stages)
      const { maskedAnnotations } = stages.settings.diff
      const items = compared.map(({ comparison, desired, live, predicted }) =>
        resourceDiff({ key: comparison, target: desired, live, predicted }, comparison, maskedAnnotations),
      )
      return { items, modified: items.some(({ modified }) => modified === true) }
    }),
    handler(routes.applicationSources.syncWindows, async (call) => {
      const application = applications.find(call, call.params.name)
      return syncWindowsAnswer(windowsOf(application, stages), stages.clock.now())
    }),
  ]
}

type ManifestsQuery = Parameters<typeof requestedRevisions>[0] & { noCache?: boolean; versionId?: number }

async function renderedAnswer(
  application: Application,
  { query, signal }: { query: ManifestsQuery; signal: AbortSignal },
  { stages }: Services,
) {
  const refresh = query.noCache === true
  const request =
    query.versionId === undefined
      ? { application, revisions: requestedRevisions(query, sourcesOf(application.spec).length), refresh, signal }
      : { application, sources: deployedSources(deployment(application, query.versionId)), refresh, signal }
  const { manifests, cluster, sourceTypes, ...rendered } = await manifestsAt(request, stages)
  const [sourceType] = sourceTypes
  const { maskedAnnotations } = stages.settings.diff
  return {
    manifests: manifests.map((object) => stringifyJson(maskSecretsAnd(maskedAnnotations, object)[0])),
    ...(application.spec.destination.namespace && { namespace: application.spec.destination.namespace }),
    server: cluster.server,
    revision: rendered.revisions[0] ?? '',
    ...(sourceType && { sourceType }),
  }
}

function readManifest(text: string, index: number): KubeObject {
  const object = parse(text, index) as Partial<KubeObject> | null
  if (object?.apiVersion && object.kind && object.metadata?.name) return object as KubeObject
  throw new ApiError(
    'InvalidArgument',
    `targetManifests[${index}] is no object with apiVersion, kind and metadata.name`,
  )
}

function parse(text: string, index: number): unknown {
  try {
    return parseGivenJson(text)
  } catch (cause) {
    throw new ApiError('InvalidArgument', `targetManifests[${index}] is not JSON: ${messageOf(cause)}`, { cause })
  }
}
