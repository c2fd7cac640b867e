/** The end of an application whose finalizer asks to take its resources with it. */
import { type Application, annotation, finalizer, instanceName, keyOf, messageOf, versionOf } from '../model/index.ts'
import { remove } from '../sync/index.ts'
import { actingCluster, guardedCluster } from './acting-cluster.ts'
import type { Finding } from './conditions.ts'
import { isConfirmed } from './confirmation.ts'
import { type DeletionPlan, planDeletion } from './deletion-plan.ts'
import { missingProject, objectPermission, projectOf } from './project.ts'
import type { WriteGuard } from './share.ts'
import { type Cluster, clusterFor, type Stages } from './stages.ts'

export type Deletion =
  /** Nothing of it is left but what is named in `left`; `finalizers` are those that stay. */
  { kind: 'done'; finalizers: string[]; left: string[] } | { kind: 'waiting'; findings: Finding[] }

const ours: string[] = [finalizer.resources, finalizer.resourcesForeground, finalizer.resourcesBackground]

export async function deleteResources(application: Application, stages: Stages, guard?: WriteGuard): Promise<Deletion> {
  const finalizers = application.metadata.finalizers ?? []
  const asked = finalizers.filter((name) => ours.includes(name))
  const others = finalizers.filter((name) => !ours.includes(name))
  if (asked.length === 0) return { kind: 'done', finalizers, left: [] }
  const destination = application.spec.destination ?? {}
  const known = clusterFor(destination, stages.clusters)
  const fault = stages.clusters.fault(destination)
  if (fault && fault.kind !== 'unknown') return waiting([`${fault.message}. ${letGo(application)}`])
  if (!known) return { kind: 'done', finalizers: others, left: [leftOnCluster(application)] }
  const cluster = await reached(application, known, stages)
  if (typeof cluster === 'string') return waiting([`${cluster}. ${letGo(application)}`])
  const plan = planFor(application, cluster, stages)
  if (plan.remaining.length === 0) return { kind: 'done', finalizers: others, left: plan.left }
  if (plan.unconfirmed.length > 0) return waiting([unconfirmed(plan.unconfirmed)])
  const propagationPolicy = asked.includes(finalizer.resourcesBackground) ? 'Background' : 'Foreground'
  const failures = await Promise.all(
    plan.now.map((item) => removeOne(item, guardedCluster(cluster, guard), propagationPolicy)),
  )
  return waiting(failures.flat())
}

type Item = ReturnType<Cluster['live']['managedBy']>[number]

function planFor(application: Application, cluster: Cluster, stages: Stages): DeletionPlan<Item> {
  const { metadata, spec } = application
  return planDeletion({
    items: cluster.live.managedBy(instanceName(application, stages.controlPlane.namespace)),
    syncOptions: spec.syncPolicy?.syncOptions ?? [],
    self: { ...keyOf(application), uid: metadata.uid },
    confirmed: isConfirmed(application, metadata.deletionTimestamp),
    // Where the manifests came from does not matter any more.
    permission: objectPermission(application, { cluster, stages, sources: [] }),
  })
}

/** The cluster as the application may act on it; a text says why nothing can be deleted at present. */
async function reached(application: Application, cluster: Cluster, stages: Stages): Promise<Cluster | string> {
  const problem = cluster.live.problem()
  if (problem !== undefined) return `the cluster ${cluster.name} cannot be reached: ${problem}`
  const project = projectOf(application, stages)
  if (!project) return missingProject(application)
  // Objects of a kind that is not followed would be left behind unseen.
  const unseen = await cluster.live.require(kindsOf(application)).then(() => undefined, messageOf)
  return unseen ?? actingCluster(application, { project, cluster, stages })
}

async function removeOne(
  { key, uid, object }: Item,
  { client }: Cluster,
  propagationPolicy: 'Background' | 'Foreground',
): Promise<string[]> {
  const target = { ...key, version: versionOf(object.apiVersion) }
  try {
    const finalizers = object.metadata.finalizers ?? []
    // Nobody is going to take it off any longer.
    if (finalizers.includes(finalizer.hook)) {
      const patch = { metadata: { finalizers: finalizers.filter((name) => name !== finalizer.hook), uid } }
      await client.patch(target, patch, { type: 'merge' })
    }
    await remove(client, target, { uid, propagationPolicy })
    return []
  } catch (error) {
    return [messageOf(error)]
  }
}

function waiting(messages: string[]): Deletion {
  return { kind: 'waiting', findings: messages.map((message) => ({ type: 'DeletionError', message })) }
}

function unconfirmed(objects: string[]): string {
  return `nothing is deleted before the deletion of ${objects.join(', ')} is confirmed: "tiphys app confirm-deletion", or the annotation ${annotation.deletionApproved} with the present time`
}

function letGo({ metadata }: Application): string {
  return `"tiphys app delete ${metadata.name} --no-cascade" lets the application go and leaves its resources where they are`
}

/** What nobody can reach any longer. */
function leftOnCluster({ spec, status }: Application): string {
  const { server, name } = spec.destination ?? {}
  const known = (status?.resources ?? []).map(({ kind, namespace, name }) =>
    [kind, [namespace, name].filter(Boolean).join('/')].join(' '),
  )
  const what = known.length > 0 ? `: ${known.join(', ')}` : ''
  return `everything on the cluster ${server ?? name}, which is not known any more${what}`
}

function kindsOf({ status }: Application): { group: string; kind: string }[] {
  const kinds = new Map<string, { group: string; kind: string }>()
  for (const { group = '', kind = '' } of status?.resources ?? []) kinds.set(`${group}/${kind}`, { group, kind })
  return [...kinds.values()]
}
