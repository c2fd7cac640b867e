/** Field selectors: which fields of which kind may be asked for, and matching. */
import type { KubeObject } from '../object.ts'
import { badRequest } from '../refusal.ts'

export interface FieldRequirement {
  field: string
  equal: boolean
  value: string
}

const everywhere = ['metadata.name', 'metadata.namespace']

/** The fields beyond name and namespace, by the store's bucket; empty text stands for an absent field. */
const selectable: Record<string, string[]> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  namespaces: ['status.phase', 'name'],
  nodes: ['spec.unschedulable'],
  secrets: ['type'],
  services: ['spec.clusterIP', 'spec.type'],
  replicationcontrollers: ['status.replicas'],
  'batch/jobs': ['status.successful'],
  'certificates.k8s.io/certificatesigningrequests': ['spec.signerName'],
}

/** What the value is where the field is absent. */
const whenAbsent: Record<string, string> = {
  'spec.hostNetwork': 'false',
  'spec.unschedulable': 'false',
  'status.successful': '0',
  'status.replicas': '0',
}

/** Groups whose conversion names the known fields in its refusal; the others just refuse the label. */
function unknownField(field: string, group: string): string {
  const named = ['apps', 'batch', 'policy', 'networking.k8s.io', 'rbac.authorization.k8s.io', 'storage.k8s.io']
  if (!named.includes(group) && group !== 'autoscaling' && group !== 'discovery.k8s.io') {
    return `field label not supported: ${field}`
  }
  return `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`
}

/** Reads `a=b,c!=d`; `bucket` and `group` say which fields there are, `more` the selectable fields of a definition. */
export function parseFieldSelector(
  text: string,
  resource: { bucket: string; group: string },
  more: readonly string[] = [],
): FieldRequirement[] {
  if (text === '') return []
  const known = [...everywhere, ...(selectable[resource.bucket] ?? []), ...more]
  return text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const match = /^([^=!]*?)(!=|==|=)(.*)$/.exec(part)
      if (!match) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`)
      const [, field = '', operator, value = ''] = match
      if (!known.includes(field)) throw badRequest(unknownField(field, resource.group))
      return { field: field === 'name' ? 'metadata.name' : field, equal: operator !== '!=', value }
    })
}

function textAt(object: KubeObject, field: string): string {
  let value: unknown = object
  for (const part of field.split('.')) {
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined
  }
  if (value === undefined || value === null) return whenAbsent[field] ?? ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

export function fieldsMatch(requirements: FieldRequirement[], object: KubeObject): boolean {
  return requirements.every(({ field, equal, value }) => (textAt(object, field) === value) === equal)
}
