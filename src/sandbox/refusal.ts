/** The refusals that the API server's generic part gives, with the texts of the real one. */
import { qualifiedName } from './discovery/resource.ts'
import { StatusError } from './status.ts'

interface Named {
  group: string
  name: string
}

function details(resource: Named, name: string) {
  return { ...(name && { name }), ...(resource.group && { group: resource.group }), kind: resource.name }
}

export function badRequest(message: string): StatusError {
  return new StatusError({ message, reason: 'BadRequest', code: 400 })
}

export function internalError(message: string): StatusError {
  return new StatusError({ message, code: 500 })
}

export function notFound(resource: Named, name: string): StatusError {
  const message = `${qualifiedName(resource)} "${name}" not found`
  return new StatusError({ message, reason: 'NotFound', details: details(resource, name), code: 404 })
}

/** The answer for a path that no resource stands behind. */
export function noSuchResource(): StatusError {
  const message = 'the server could not find the requested resource'
  return new StatusError({ message, reason: 'NotFound', details: {}, code: 404 })
}

export function methodNotAllowed(): StatusError {
  const message = 'the server does not allow this method on the requested resource'
  return new StatusError({ message, reason: 'MethodNotAllowed', details: {}, code: 405 })
}

export function alreadyExists(resource: Named, name: string, isBeingDeleted = false): StatusError {
  const message = `${isBeingDeleted ? 'object is being deleted: ' : ''}${qualifiedName(resource)} "${name}" already exists`
  return new StatusError({ message, reason: 'AlreadyExists', details: details(resource, name), code: 409 })
}

export function conflict(resource: Named, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualifiedName(resource)} "${name}": ${why}`
  return new StatusError({ message, reason: 'Conflict', details: details(resource, name), code: 409 })
}

export const staleVersion =
  'the object has been modified; please apply your changes to the latest version and try again'

export function forbidden(resource: Named, name: string, why: string): StatusError {
  const message = `${qualifiedName(resource)} ${name ? `"${name}" ` : ''}is forbidden: ${why}`
  return new StatusError({ message, reason: 'Forbidden', details: details(resource, name), code: 403 })
}

export function unauthorized(): StatusError {
  return new StatusError({ message: 'Unauthorized', reason: 'Unauthorized', code: 401 })
}

export function unsupportedMediaType(accepted: string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`
  return new StatusError({ message, reason: 'UnsupportedMediaType', code: 415 })
}

export function expired(message: string): StatusError {
  return new StatusError({ message, reason: 'Expired', code: 410 })
}

/** A revision that the store has not reached; the real server waits three seconds for it first. */
export function tooLargeRevision(asked: string, current: number): StatusError {
  return new StatusError(
    {
      message: `Timeout: Too large resource version: ${asked}, current: ${current}`,
      reason: 'Timeout',
      details: {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      },
      code: 504,
    },
    { 'retry-after': '1' },
  )
}

/** A query or options object that breaks its own rules, such as CreateOptions. */
export function invalidOptions(
  kind: string,
  causes: { reason: string; message: string; field: string }[],
): StatusError {
  const texts = causes.map(({ field, message }) => `${field}: ${message}`)
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`
  return new StatusError({
    message: `${kind}.meta.k8s.io "" is invalid: ${list}`,
    reason: 'Invalid',
    details: { group: 'meta.k8s.io', kind, causes },
    code: 422,
  })
}

/** metadata.resourceVersion: must be specified for an update; the resource is named, not the kind. */
export function versionRequired(resource: Named, name: string): StatusError {
  const cause = {
    reason: 'FieldValueInvalid',
    message: 'Invalid value: 0: must be specified for an update',
    field: 'metadata.resourceVersion',
  }
  return new StatusError({
    message: `${qualifiedName(resource)} "${name}" is invalid: ${cause.field}: ${cause.message}`,
    reason: 'Invalid',
    details: { ...details(resource, name), causes: [cause] },
    code: 422,
  })
}
