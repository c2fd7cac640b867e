/** The cluster that a request is about, if the caller may do with it what is asked. */
import { clusterObjects, type Question } from '../../access/index.ts'
import type { ClusterRecord } from '../../clusters/index.ts'
import { clusterRecords } from '../../clusters/index.ts'
import type { Action } from '../../contract/index.ts'
import type { ControlPlane } from '../../live/index.ts'
import { permissionDenied } from '../api-error.ts'
import type { Call } from '../call.ts'

export interface ClusterSelection {
  /** Of the path. */
  id?: string
  'id.type'?: string
  'id.value'?: string
  server?: string
  name?: string
}

export function clusterQuestion(
  { server, name, project }: { server: string; name: string; project: string },
  action: Action,
): Question {
  return { resource: 'clusters', action, object: clusterObjects({ server, name, project }), project }
}

/** The same words whether there is no such cluster or only not for them. */
export function findCluster(
  call: Pick<Call, 'may'>,
  selection: ClusterSelection,
  { controlPlane, action }: { controlPlane: ControlPlane; action: Action },
): ClusterRecord {
  const found = selected(clusterRecords(controlPlane), selection)[0]
  // Asked in any case: whether the right was asked for must not tell either.
  const wanted = found ?? { server: selection.id ?? '', name: '', project: '' }
  if (!call.may(clusterQuestion(wanted, action)) || !found) {
    throw permissionDenied(`there is no cluster ${selection.id} that you may ${action}`)
  }
  return found
}

export function selected(records: ClusterRecord[], selection: ClusterSelection): ClusterRecord[] {
  const { server = '', name = '' } = selection
  const value = selection.id ?? selection['id.value'] ?? ''
  const byId = value ? records.filter((record) => isNamed(record, value, selection['id.type'])) : records
  return byId
    .filter((record) => name === '' || record.name === name)
    .filter((record) => server === '' || record.server === server.replace(/\/+$/, ''))
}

function isNamed(record: ClusterRecord, value: string, type: string | undefined): boolean {
  if (type === 'name') return record.name === value
  if (type === 'name_escaped') return record.name === unescaped(value)
  return record.server === value.replace(/\/+$/, '')
}

/** Escaped twice: once as the client's name, once as a part of the address. */
function unescaped(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '))
  } catch {
    return value
  }
}
