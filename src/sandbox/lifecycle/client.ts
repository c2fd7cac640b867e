/** The in-process client of the controllers: the same verbs as a request, without the network. */
import type { ControllerClient, Reference, ResourceName } from '../controllers/controller.ts'
import type { Resource } from '../discovery/resource.ts'
import type { KubeObject } from '../object.ts'
import { labelsMatch, parseLabelSelector } from '../store/label-selector.ts'
import { bindPod } from './binding.ts'
import type { Call, Cluster } from './cluster.ts'
import { createObject } from './create.ts'
import { copied } from './decode.ts'
import { deleteObject } from './remove.ts'
import { updateObject } from './update.ts'

const user = { name: 'system:kube-controller-manager', groups: ['system:masters'] }

/** A call of the server's own, such as the garbage collector's. */
export function serverCall(
  cluster: Cluster,
  resource: Resource,
  at: { namespace?: string; name?: string },
  subresource = '',
): Call {
  return {
    resource,
    namespace: resource.namespaced ? (at.namespace ?? '') : '',
    name: at.name ?? '',
    subresource,
    user,
    manager: 'kube-controller-manager',
    dryRun: false,
    now: cluster.clock(),
    warnings: [],
  }
}

function controllerClient(cluster: Cluster, manager: string): ControllerClient {
  function resourceOf({ group, version, resource }: ResourceName): Resource {
    const found = cluster.registry.find(group, version, resource)
    if (!found) throw new Error(`the sandbox serves no resource ${resource} in ${group}/${version}`)
    return found
  }

  function callFor(name: ResourceName, at: { namespace?: string; name?: string }, subresource = ''): Call {
    return { ...serverCall(cluster, resourceOf(name), at, subresource), manager }
  }

  function write(name: ResourceName, object: KubeObject, subresource = ''): KubeObject {
    const call = callFor(name, object.metadata, subresource)
    return updateObject(cluster, call, { next: () => copied(object) })
  }

  return {
    get(reference: Reference) {
      const { bucket } = resourceOf(reference)
      return cluster.store.bucket(bucket).get(reference.namespace ?? '', reference.name)
    },
    list(name, query = {}) {
      const objects = cluster.store.bucket(resourceOf(name).bucket).list(query.namespace)
      if (!query.labelSelector) return [...objects]
      const requirements = parseLabelSelector(query.labelSelector)
      return objects.filter((object) => labelsMatch(requirements, object.metadata.labels))
    },
    create: (name, object) => createObject(cluster, callFor(name, object.metadata), copied(object)),
    update: (name, object) => write(name, object),
    updateStatus: (name, object) => write(name, object, 'status'),
    delete(reference, options = {}) {
      deleteObject(cluster, callFor(reference, reference), options)
    },
    bind(pod, node) {
      bindPod(cluster, callFor(pod, pod, 'binding'), node)
    },
    watch(name, onChange) {
      const bucket = cluster.store.bucket(resourceOf(name).bucket)
      for (const object of bucket.list()) onChange('ADDED', object)
      return bucket.listen(({ type, object }) => onChange(type, object))
    },
    as: (other) => controllerClient(cluster, other),
  }
}

/** Puts the parts of a sandbox together with the client that works on them. */
export function withClient(parts: Omit<Cluster, 'client'>): Cluster {
  const cluster = { ...parts } as Cluster
  cluster.client = controllerClient(cluster, 'kube-controller-manager')
  return cluster
}
