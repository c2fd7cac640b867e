/** What is kept of an object: all of it when an application tracks it, otherwise what health and the tree need. */
import { annotation, fieldManager, groupOf, type KubeObject, type ObjectMeta } from '../model/index.ts'

type Fields = Record<string, unknown>

/** Everything but the field sets of other managers. */
export function trimTracked(object: KubeObject): KubeObject {
  const { managedFields, ...metadata } = object.metadata
  const ours = managedFields?.filter(({ manager, operation }) => manager === fieldManager && operation === 'Apply')
  return { ...object, metadata: { ...metadata, ...(ours?.length && { managedFields: ours }) } }
}

export function trimUntracked(object: KubeObject): KubeObject {
  const reduced: KubeObject = {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: trimMetadata(object.metadata),
  }
  const view = healthViews[groupKind(object)]
  if (!view) return reduced
  const spec = pick(object.spec, view.spec)
  if (spec) reduced.spec = spec
  if (object.status !== undefined) reduced.status = view.status ? view.status(object.status as Fields) : object.status
  return reduced
}

/** Kinds whose objects tell the health of what they belong to, or where it runs and how it is reached: wanted in part. */
export function isHealthKind(group: string, kind: string): boolean {
  return `${group}/${kind}` in healthViews
}

/** A field of an item of a list, or what is made of the item. */
type Part = string | ((item: Fields) => Fields)

interface HealthView {
  /** Fields of spec, and for lists of objects the fields of each. */
  spec: Record<string, true | Part[]>
  status?: (status: Fields) => Fields
}

const healthViews: Record<string, HealthView> = {
  '/Pod': {
    spec: {
      nodeName: true,
      restartPolicy: true,
      resources: true,
      overhead: true,
      containers: ['name', 'image', requests],
      initContainers: ['name', 'image', 'restartPolicy', requests],
    },
    status: podStatus,
  },
  '/Service': { spec: { selector: true, type: true }, status: picked('loadBalancer') },
  'networking.k8s.io/Ingress': {
    spec: { rules: true, tls: true, defaultBackend: true },
    status: picked('loadBalancer'),
  },
  // Where Pods run: what a node can hold.
  '/Node': { spec: {}, status: picked('capacity', 'nodeInfo') },
  '/PersistentVolumeClaim': { spec: { volumeName: true, storageClassName: true } },
  'apps/ReplicaSet': { spec: { replicas: true } },
  'apps/Deployment': { spec: { replicas: true, paused: true, strategy: true, progressDeadlineSeconds: true } },
  'apps/StatefulSet': { spec: { replicas: true, updateStrategy: true, volumeClaimTemplates: ['metadata'] } },
  'apps/DaemonSet': { spec: { updateStrategy: true } },
  'batch/Job': { spec: { completions: true, parallelism: true, backoffLimit: true, suspend: true } },
}

const containerFields = ['name', 'image', 'ready', 'started', 'restartCount', 'state', 'lastState']

function podStatus(status: Fields): Fields {
  const lists = {
    conditions: ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
    containerStatuses: containerFields,
    initContainerStatuses: containerFields,
  }
  return pick(status, { phase: true, reason: true, message: true, startTime: true, podIP: true, ...lists }) ?? {}
}

function picked(...fields: string[]): (status: Fields) => Fields {
  return (status) => pickFields(status, fields)
}

/** What a container is sure to get, which is what a node's room is counted by. */
function requests({ resources }: Fields): Fields {
  const asked = (resources as Fields | undefined)?.requests
  return asked === undefined ? {} : { resources: { requests: asked } }
}

function pick(from: unknown, wanted: Record<string, true | Part[]>): Fields | undefined {
  if (typeof from !== 'object' || from === null) return undefined
  const source = from as Fields
  const picked: Fields = {}
  for (const [field, parts] of Object.entries(wanted)) {
    const value = source[field]
    if (value === undefined) continue
    picked[field] = parts === true || !Array.isArray(value) ? value : value.map((item) => pickFields(item, parts))
  }
  return picked
}

function pickFields(item: Fields, parts: Part[]): Fields {
  const picked: Fields = {}
  for (const part of parts) {
    if (typeof part === 'function') Object.assign(picked, part(item))
    else if (item[part] !== undefined) picked[part] = item[part]
  }
  return picked
}

function trimMetadata({ managedFields, annotations, ...metadata }: ObjectMeta): ObjectMeta {
  if (!annotations) return metadata
  const { [annotation.lastApplied]: _, ...rest } = annotations
  return { ...metadata, annotations: rest }
}

function groupKind({ apiVersion, kind }: KubeObject): string {
  return `${groupOf(apiVersion)}/${kind}`
}
