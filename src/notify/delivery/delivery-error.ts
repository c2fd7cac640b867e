/** Why something could not be delivered, and whether trying again may help. */
import { StageError } from '../../model/index.ts'

export class DeliveryError extends StageError {
  /** When the receiver says so. */
  readonly retryAfterMs: number | undefined

  constructor(message: string, options: { retry: boolean; retryAfterMs?: number; cause?: unknown }) {
    super('notification', message, options)
    this.name = 'DeliveryError'
    this.retryAfterMs = options.retryAfterMs
  }
}

/** The settings or the template are wrong: the same attempt will fail again. */
export function unusable(message: string): DeliveryError {
  return new DeliveryError(message, { retry: false })
}
