/** Remembers what was rendered, under everything that went into it. */
import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { SourceTree } from '../model/index.ts'
import { type Remote, type RemoteObservation, remoteStillHolds } from './remote-files.ts'
import type { Rendered } from './renderer.ts'
import type { ToolName } from './tools.ts'
import { type Observation, stillHolds } from './tracked-tree.ts'

/** What was rendered, and all that it was made from. */
export interface Recorded {
  rendered: Rendered
  observations: Observation[]
  remote: RemoteObservation[]
  /** Variables of the build environment that were used, with their values. */
  variables: Map<string, string>
  /** Programs that were run, with their versions. */
  tools: Map<ToolName, string>
}

export interface Entry extends Recorded {
  size: number
  /** Under which key other replicas find it. */
  sharedAs?: string | undefined
}

export interface Situation {
  trees: Record<string, SourceTree>
  variables: Record<string, string>
  /** Where what is remote is asked for again. */
  remote: Remote | undefined
}

export interface Memo {
  find(key: string, situation: Situation): Promise<Entry | undefined>
  keep(key: string, entry: Entry): void
  /** The latest of each key. */
  latest(): Entry[]
}

/** Revisions between which an application may go back and forth without being rendered again. */
const entriesPerKey = 3

export function openMemo(byteLimit: number): Memo {
  const kept = new LRUCache<string, Entry[]>({
    maxSize: byteLimit,
    sizeCalculation: (entries) => entries.reduce((sum, { size }) => sum + size, 1),
  })
  return {
    async find(key, situation) {
      for (const entry of kept.get(key) ?? []) {
        if (!(await holdsHere(entry, situation))) continue
        // Elsewhere being down is no reason to lose what is known.
        if (await remoteStillHolds(entry.remote, situation.remote, { unlessDown: true })) return entry
      }
      return undefined
    },
    keep(key, entry) {
      kept.set(key, [entry, ...(kept.get(key) ?? [])].slice(0, entriesPerKey))
    },
    latest: () => [...kept.values()].flatMap(([entry]) => entry ?? []),
  }
}

/** Whether all that was looked at in the trees, and of the environment, is the same now. */
export async function holdsHere(
  { observations, variables: used }: Recorded,
  { trees, variables }: Situation,
): Promise<boolean> {
  const sameVariables = [...used].every(([name, value]) => (variables[name] ?? '') === value)
  return sameVariables && (await stillHolds(observations, trees))
}

export function memoKey(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64')
}
