/** The end of an application that is being deleted: its hooks, its resources, and at last its finalizers. */
import { type Application, instanceName } from '../model/index.ts'
import { deleteResources } from './delete-resources.ts'
import type { DeletionWork } from './deletion-work.ts'
import type { WriteGuard } from './share.ts'
import type { Stages } from './stages.ts'
import type { StatusWriter } from './status-writer.ts'

export interface FinishContext {
  stages: Stages
  writer: StatusWriter
  deletions: DeletionWork
  /** Why nothing may be written for it any more; asked as each write leaves. */
  guard?: WriteGuard
}

/** Goes as far as it can be gone now. Answers in how many ms it has to be looked at again; undefined: nothing is left. */
export async function finish(application: Application, context: FinishContext): Promise<number | undefined> {
  const { stages, writer, deletions, guard } = context
  const { controlPlane } = stages
  const name = instanceName(application, controlPlane.namespace)
  const deletion = deletions.step(name, application, guard) ?? (await deleteResources(application, stages, guard))
  if (deletion.kind === 'waiting') {
    await writer.writeFindings(application, deletion.findings)
    // Changes of the resources come as events; this is for what no event tells of.
    return deletion.findings.length > 0 ? 10_000 : 30_000
  }
  const { finalizers, left } = deletion
  if (left.length > 0) await writer.recordLeft(application, left)
  if (finalizers.length === (application.metadata.finalizers?.length ?? 0)) return undefined
  const { resourceVersion } = application.metadata
  await controlPlane.patch(name, { metadata: { finalizers, resourceVersion } })
  return 0
}
