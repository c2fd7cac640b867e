/** Which destination means which registered cluster. Pure. */
import { annotation } from '../model/index.ts'
import type { Destination, DestinationFault } from './cluster.ts'
import { type ClusterRecord, withoutSlash } from './cluster-record.ts'

export interface Registry {
  records: ClusterRecord[]
  /** The one that a destination means, or why there is none. */
  resolve(destination: Destination): ClusterRecord | DestinationFault
}

export function registryOf(records: ClusterRecord[]): Registry {
  const byServer = grouped(records, ({ server }) => server)
  const byName = grouped(records, ({ name }) => name)

  function resolve({ server, name }: Destination): ClusterRecord | DestinationFault {
    const key = server ? withoutSlash(server) : (name ?? '')
    const [record, ...others] = (server ? byServer : byName).get(key) ?? []
    if (!record) return unknown(key)
    if (others.length > 0) return ambiguous(key, server ? 'server' : 'name', [record, ...others])
    const same = byServer.get(record.server) ?? []
    if (same.length > 1) return ambiguous(record.server, 'server', same)
    return record.isLeftAlone ? leftAlone(record) : record
  }

  return { records, resolve }
}

export function isFault(found: ClusterRecord | DestinationFault): found is DestinationFault {
  return 'kind' in found
}

function grouped(records: ClusterRecord[], key: (record: ClusterRecord) => string): Map<string, ClusterRecord[]> {
  const groups = new Map<string, ClusterRecord[]>()
  for (const record of records) groups.set(key(record), [...(groups.get(key(record)) ?? []), record])
  return groups
}

/** Which others there are is not everybody's business. */
function unknown(key: string): DestinationFault {
  const message = `the destination cluster ${key} is not known: register it ("tiphys cluster add"), or correct spec.destination`
  return { kind: 'unknown', message }
}

function leftAlone({ name }: ClusterRecord): DestinationFault {
  const message = `the cluster ${name} is left alone, and so is all that goes there, as long as its Secret has the annotation ${annotation.skipReconcile}`
  return { kind: 'left alone', message }
}

function ambiguous(key: string, what: 'server' | 'name', records: ClusterRecord[]): DestinationFault {
  const secrets = records.map(({ secret }) => secret?.metadata.name ?? 'the cluster that Tiphys runs in').sort()
  const message = `several clusters are registered with the ${what} ${key} (Secrets ${secrets.join(', ')}): nothing is done before there is one`
  return { kind: 'unusable', message }
}
