/** The end of an application whose finalizer asks to take its resources with it. */
import {
  type Application,
  annotation,
  finalizer,
  instanceName,
  listAnnotation,
  messageOf,
  versionOf,
} from '../model/index.ts'
import { remove } from '../sync/index.ts'
import type { Finding } from './conditions.ts'
import { clusterFor, type Stages } from './stages.ts'

export type Deletion =
  /** Nothing of it is left: `finalizers` are those that stay. */
  { kind: 'done'; finalizers: string[] } | { kind: 'waiting'; findings: Finding[] }

const ours: string[] = [finalizer.resources, finalizer.resourcesForeground, finalizer.resourcesBackground]

export async function deleteResources(application: Application, stages: Stages): Promise<Deletion> {
  const finalizers = application.metadata.finalizers ?? []
  const asked = finalizers.filter((name) => ours.includes(name))
  const others = finalizers.filter((name) => !ours.includes(name))
  if (asked.length === 0) return { kind: 'done', finalizers }
  const cluster = clusterFor(application.spec.destination, stages.clusters)
  if (!cluster) {
    const { server, name } = application.spec.destination
    const message = `the cluster ${server ?? name} is not known, so its resources cannot be deleted: remove the finalizer ${asked[0]} to let the application go without them`
    return { kind: 'waiting', findings: [{ type: 'DeletionError', message }] }
  }
  // Objects of a kind that is not followed would be left behind unseen.
  const unseen = await cluster.live.require(kindsOf(application)).then(() => undefined, messageOf)
  if (unseen !== undefined) return { kind: 'waiting', findings: [{ type: 'DeletionError', message: unseen }] }
  const instance = instanceName(application, stages.controlPlane.namespace)
  const left = cluster.live.managedBy(instance).filter(({ object }) => mayBeDeleted(object.metadata.annotations))
  if (left.length === 0) return { kind: 'done', finalizers: others }
  const propagationPolicy = asked.includes(finalizer.resourcesBackground) ? 'Background' : 'Foreground'
  const findings = await Promise.all(
    left
      .filter(({ object }) => !object.metadata.deletionTimestamp)
      .map(async ({ key, uid, object }): Promise<Finding[]> => {
        try {
          await remove(cluster.client, { ...key, version: versionOf(object.apiVersion) }, { uid, propagationPolicy })
          return []
        } catch (error) {
          return [{ type: 'DeletionError', message: messageOf(error) }]
        }
      }),
  )
  return { kind: 'waiting', findings: findings.flat() }
}

function kindsOf({ status }: Application): { group: string; kind: string }[] {
  const kinds = new Map<string, { group: string; kind: string }>()
  for (const { group = '', kind = '' } of status?.resources ?? []) kinds.set(`${group}/${kind}`, { group, kind })
  return [...kinds.values()]
}

function mayBeDeleted(annotations: Record<string, string> = {}): boolean {
  const options = listAnnotation(annotations[annotation.syncOptions])
  return !options.includes('Delete=false')
}
