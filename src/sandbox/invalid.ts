/** The 422 answer that lists every fault of an object. */
import { quote } from './kinds/go-value.ts'
import { type FieldFault, StatusError } from './status.ts'

/**
 * `kind` is what the server names there: mostly a kind (`Deployment`), for a few faults a resource (`leases`).
 * The message holds each sentence once; the causes hold every fault.
 */
export function invalid(of: { group?: string; kind: string }, name: string, faults: FieldFault[]): StatusError {
  const sentences = [...new Set(faults.map(({ field, message }) => `${field}: ${message}`))]
  const told = sentences.length === 1 ? sentences[0] : `[${sentences.join(', ')}]`
  const group = of.group ?? ''
  return new StatusError({
    message: `${group === '' ? of.kind : `${of.kind}.${group}`} ${quote(name)} is invalid: ${told}`,
    reason: 'Invalid',
    details: {
      ...(name === '' ? {} : { name }),
      ...(group === '' ? {} : { group }),
      ...(of.kind === '' ? {} : { kind: of.kind }),
      causes: faults.map(({ reason, message, field }) => ({ reason, message, field })),
    },
    code: 422,
  })
}
