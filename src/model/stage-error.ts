/** An error that knows in which stage it arose and whether trying again may help. */
import { withoutPassword } from './shown-address.ts'

export type Stage =
  | 'spec'
  | 'project'
  | 'source'
  | 'manifest'
  | 'live'
  | 'diff'
  | 'sync'
  | 'health'
  | 'notification'
  | 'generate'
  | 'generate'

export interface StageErrorOptions {
  /** True when the same attempt may succeed later without anybody changing anything. */
  retry: boolean
  cause?: unknown
}

export class StageError extends Error {
  readonly stage: Stage
  readonly retry: boolean

  constructor(stage: Stage, message: string, { retry, cause }: StageErrorOptions) {
    // It becomes a condition, an Event and a line of the log, which are read by more people than the address.
    super(withoutPassword(message), cause === undefined ? undefined : { cause })
    this.name = 'StageError'
    this.stage = stage
    this.retry = retry
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
