/** ControllerRevisions: the templates that a StatefulSet or DaemonSet has had, numbered. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../object.ts'
import { type ControllerContext, referenceTo } from './context.ts'
import { ownerReference } from './owner.ts'
import { canonicalJson } from './template-hash.ts'
import type { ControllerRevision, PodTemplate } from './workload.ts'

/** The part of the owner that a rollback puts back, as a strategic merge patch. */
export function revisionData(template: PodTemplate): { spec: { template: object } } {
  return { spec: { template: { $patch: 'replace', ...template } } }
}

export interface RevisionPlan {
  owner: KubeObject
  data: object
  /** The revision's name and the label that bears its hash. */
  name: string
  labels: Record<string, string>
}

/** Creates the revision, finds it by its data, or moves an older one of the same data to the end of the history. */
export function syncRevision({ client, informers }: ControllerContext, plan: RevisionPlan): ControllerRevision {
  const { controllerRevisions } = informers
  const history = controllerRevisions.ownedBy(plan.owner.metadata.uid ?? '')
  const newest = Math.max(0, ...history.map(({ revision }) => revision))
  const text = canonicalJson(plan.data)
  const found = history.find(({ data }) => canonicalJson(data) === text)
  if (!found) return client.create(controllerRevisions.resource, revisionObject(plan, newest + 1)) as ControllerRevision
  if (found.revision === newest) return found
  const moved: ControllerRevision = { ...found, revision: newest + 1 }
  return client.update(controllerRevisions.resource, moved) as ControllerRevision
}

function revisionObject({ owner, data, name, labels }: RevisionPlan, revision: number): ControllerRevision {
  const { namespace, annotations } = owner.metadata
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name,
      namespace,
      labels,
      ...(annotations && !deepEqual(annotations, {}) && { annotations }),
      ownerReferences: [ownerReference(owner)],
    },
    data,
    revision,
  }
}

/** Removes the oldest revisions that are not `live`, beyond the limit. */
export function trimRevisions(
  { client, informers }: ControllerContext,
  owner: KubeObject,
  { live, limit = 10 }: { live: Set<string>; limit?: number },
): void {
  const { controllerRevisions } = informers
  const idle = controllerRevisions
    .ownedBy(owner.metadata.uid ?? '')
    .filter(({ metadata }) => !live.has(metadata.name ?? '') && !metadata.deletionTimestamp)
    .sort((a, b) => a.revision - b.revision)
  for (const revision of idle.slice(0, Math.max(0, idle.length - limit))) {
    client.delete(referenceTo(controllerRevisions.resource, revision))
  }
}
