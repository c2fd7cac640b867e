/** Remembers what was rendered, under everything that went into it. */
import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { SourceTree } from '../model/index.ts'
import { type Remote, type RemoteObservation, remoteStillHolds } from './remote-files.ts'
import type { Rendered } from './renderer.ts'
import { type Observation, stillHolds } from './tracked-tree.ts'

interface Entry {
  rendered: Rendered
  observations: Observation[]
  remote: RemoteObservation[]
  /** Variables of the build environment that were used, with their values. */
  variables: Map<string, string>
  size: number
}

export interface Situation {
  trees: Record<string, SourceTree>
  variables: Record<string, string>
  /** Where what is remote is asked for again. */
  remote: Remote | undefined
}

export interface Memo {
  find(key: string, situation: Situation): Promise<Rendered | undefined>
  keep(key: string, entry: Entry): void
}

/** Revisions between which an application may go back and forth without being rendered again. */
const entriesPerKey = 3

export function openMemo(byteLimit: number): Memo {
  const kept = new LRUCache<string, Entry[]>({
    maxSize: byteLimit,
    sizeCalculation: (entries) => entries.reduce((sum, { size }) => sum + size, 1),
  })
  return {
    async find(key, { trees, variables, remote }) {
      for (const entry of kept.get(key) ?? []) {
        const sameVariables = [...entry.variables].every(([name, value]) => (variables[name] ?? '') === value)
        if (!sameVariables || !(await stillHolds(entry.observations, trees))) continue
        if (await remoteStillHolds(entry.remote, remote)) return entry.rendered
      }
      return undefined
    },
    keep(key, entry) {
      kept.set(key, [entry, ...(kept.get(key) ?? [])].slice(0, entriesPerKey))
    },
  }
}

export function memoKey(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64')
}
