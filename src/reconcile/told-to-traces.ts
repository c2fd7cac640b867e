/** How applications, looks and operations are described in traces; names as in Argo CD where it has them. Pure. */
import type { Application, OperationState } from '../model/index.ts'
import type { Attributes, Span } from '../trace/index.ts'
import { forbidsSync } from './conditions.ts'
import type { Observation } from './observe.ts'
import type { OperationFields } from './operation-log.ts'

/** How the trace of the request that asked for an operation is named in its `info`. */
export const traceInfo = 'traceparent'

export function ofApplication({ metadata, spec }: Application): Attributes {
  return {
    'argocd.app.name': metadata.name,
    'argocd.app.namespace': metadata.namespace,
    'argocd.app.project': spec?.project,
  }
}

/** What stands in the way of a comparison is told as the condition says it. */
export function tellObservation({ sync, health, rendered, resources, findings }: Observation, span: Span): void {
  span.set({
    'tiphys.sync.status': sync,
    'tiphys.health.status': health.status,
    'tiphys.revisions': rendered?.revisions,
    'tiphys.objects': resources.length,
    'tiphys.objects.out_of_sync': resources.filter(({ verdict, ignored }) => verdict.kind !== 'synced' && !ignored)
      .length,
  })
  const problem = findings.find(({ type }) => forbidsSync(type))
  if (problem) span.fail(problem.message)
}

/** The fields of the log, so that one is found from the other. */
export function ofOperation({ operation, request }: OperationFields, state: OperationState): Attributes {
  const { initiatedBy } = state.operation
  return {
    'tiphys.operation': operation,
    'tiphys.request': request,
    'tiphys.initiated_by': initiatedBy?.automated ? 'automated sync' : initiatedBy?.username,
  }
}

/** The last one: whoever asks may have written others. */
export function traceOf({ operation }: OperationState): string | undefined {
  return operation.info?.findLast(({ name }) => name === traceInfo)?.value
}
