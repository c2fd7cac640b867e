/** Refusals: the Status object that a real API server answers with, and the error that carries it. */

export interface StatusCause {
  reason?: string
  message?: string
  field?: string
}

export interface StatusDetails {
  name?: string
  group?: string
  kind?: string
  uid?: string
  causes?: StatusCause[]
  retryAfterSeconds?: number
}

export interface Status {
  kind: 'Status'
  apiVersion: 'v1'
  metadata: Record<string, unknown>
  status: 'Success' | 'Failure'
  message?: string
  reason?: string
  details?: StatusDetails
  code: number
}

/** Thrown anywhere below the HTTP layer; answered there with its own code and body. */
export class StatusError extends Error {
  readonly status: Status
  readonly headers: Record<string, string>

  constructor(
    status: Omit<Status, 'kind' | 'apiVersion' | 'metadata' | 'status'>,
    headers: Record<string, string> = {},
  ) {
    super(status.message)
    this.status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', ...status }
    this.headers = headers
  }
}

/** One fault of one field, as validation finds it; `invalid` makes a Status of a list of them. */
export interface FieldFault {
  /** The cause's reason, such as FieldValueInvalid or FieldValueRequired. */
  reason:
    | 'FieldValueInvalid'
    | 'FieldValueRequired'
    | 'FieldValueDuplicate'
    | 'FieldValueForbidden'
    | 'FieldValueNotSupported'
    | 'FieldValueNotFound'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'FieldValueTypeInvalid'
    | 'InternalError'
  /** A path such as spec.ports[0].name. */
  field: string
  /** The whole text of the cause, such as: Invalid value: "a b": must not contain spaces. */
  message: string
}
