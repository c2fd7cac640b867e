/** The tree of one application, from what is live at this moment and what its last look has found. */
import type { ApplicationTree } from '../../../contract/resource-tree-kinds.ts'
import type { LiveObject } from '../../../live/index.ts'
import { type Application, instanceName, keyText, listAnnotation, type ResourceKey } from '../../../model/index.ts'
import { refusal } from '../../../project/index.ts'
import { healthOfObject, type Observation } from '../../../reconcile/observe.ts'
import { missingProject, projectOf } from '../../../reconcile/project.ts'
import { type Cluster, clusterFor, type Stages } from '../../../reconcile/stages.ts'
import { ApiError } from '../../api-error.ts'
import { hostsOf } from './hosts.ts'
import { missingNode, type TreeContext, treeOf } from './resource-tree.ts'

export interface TreeRequest {
  application: Application
  /** undefined: nobody has looked yet. */
  observation: Observation | undefined
}

/** Throws FailedPrecondition where nothing can be known. */
export function applicationTree(request: TreeRequest, stages: Stages): ApplicationTree {
  const { nodes, missing, orphaned, context } = walk(request, stages)
  const pods = nodes.filter(({ live }) => live.key.group === '' && live.key.kind === 'Pod').map(({ live }) => live)
  const labels = listAnnotation(stages.controlPlane.setting('application.allowedNodeLabels'))
  return {
    nodes: [...missing, ...nodes.map(({ node }) => node)],
    orphanedNodes: orphaned.map(({ node }) => node),
    hosts: hostsOf({ live: context.cluster.live, pods, labels }),
    shardsCount: 1,
  }
}

/** Every live object of the tree, without what is orphaned, or only that. */
export function treeObjects(request: TreeRequest, stages: Stages) {
  const { nodes, orphaned, context } = walk(request, stages)
  return { nodes, orphaned, cluster: context.cluster }
}

function walk({ application, observation }: TreeRequest, stages: Stages) {
  const context = contextOf(application, stages)
  const { cluster } = context
  const declared = declaredOf(application, observation)
  const found = declared.map((one) => ({ ...one, object: cluster.live.get(one.key) }))
  const managed = cluster.live.managedBy(instanceName(application, stages.controlPlane.namespace))
  const roots = new Map([...found.flatMap(({ object }) => object ?? []), ...managed].map((one) => [one.uid, one]))
  const orphans = (observation?.orphaned ?? []).flatMap((key) => cluster.live.get(key) ?? [])
  const nodes = treeOf([...roots.values()], context)
  const known = new Set(nodes.map(({ live }) => live.uid))
  return {
    context,
    nodes,
    missing: found
      .filter(({ object, isExtra }) => !object && !isExtra)
      .map(({ key, version }) => missingNode(key, version)),
    orphaned: treeOf(
      orphans.filter((one) => !known.has(one.uid) && isNobodys(one, stages)),
      context,
    ),
  }
}

interface Declared {
  key: ResourceKey
  version: string
  /** Git does not declare it: when it is gone, nothing is missing. */
  isExtra: boolean
}

/** A look that could not find out what is declared leaves what was declared before. */
function declaredOf({ status }: Application, observation: Observation | undefined): Declared[] {
  const found = observation?.manifests
    ? observation.resources.map(({ key, version, desired }) => ({ key, version, isExtra: desired === undefined }))
    : (status?.resources ?? []).map(({ group = '', version = '', kind = '', namespace = '', name = '', ...one }) => ({
        key: { group, kind, namespace, name },
        version,
        isExtra: one.requiresPruning === true,
      }))
  return [...new Map(found.map((one) => [keyText(one.key), one])).values()]
}

function contextOf(application: Application, stages: Stages): TreeContext & { cluster: Cluster } {
  const { destination = {} } = application.spec
  const cluster = clusterFor(destination, stages.clusters)
  if (!cluster) {
    const name = destination.name || destination.server || ''
    throw new ApiError('FailedPrecondition', `the cluster ${name} is not known: check spec.destination`)
  }
  const project = projectOf(application, stages)
  if (!project) throw new ApiError('FailedPrecondition', missingProject(application))
  const { live } = cluster
  return {
    cluster,
    live,
    healthOf: (object) => healthOfObject(object, live, stages),
    permits: (key) =>
      refusal(project, { kind: 'object', key, namespaced: key.namespace !== '', cluster }) === undefined,
    customLabels: listAnnotation(stages.controlPlane.setting('resource.customLabels')),
  }
}

function isNobodys({ instance }: LiveObject, { controlPlane }: Stages): boolean {
  return instance === undefined || controlPlane.application(instance) === undefined
}
