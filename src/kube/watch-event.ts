/** What a watch tells. */

import { type KubeObject, parseJson } from '../model/index.ts'
import { errorOfStatus, KubeError, type Status } from './kube-error.ts'

export type WatchEvent =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: KubeObject }
  /** Nothing changed up to this version. */
  | { type: 'BOOKMARK'; resourceVersion: string }

interface RawEvent {
  type: string
  object: KubeObject
}

/** undefined for types that are not known (yet). Throws what an ERROR event says: Expired when the version is too old. */
export function parseWatchEvent(line: string): WatchEvent | undefined {
  const { type, object } = parse(line)
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, object }
    case 'BOOKMARK':
      return { type, resourceVersion: object.metadata.resourceVersion ?? '' }
    case 'ERROR':
      throw errorOfStatus(object as Status)
    default:
      return undefined
  }
}

function parse(line: string): RawEvent {
  try {
    return parseJson(line) as RawEvent
  } catch (cause) {
    throw new KubeError('a watch event is not JSON', { code: 0, reason: 'BadAnswer', cause })
  }
}
