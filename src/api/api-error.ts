/** What a caller is told when something is refused or fails: gRPC's codes, which Argo CD's clients go by, as HTTP. */
import { AccessError, type AccessErrorKind } from '../access/index.ts'
import { KubeError } from '../kube/kube-error.ts'
import { StageError } from '../model/index.ts'

/** gRPC code and HTTP status. */
const codes = {
  InvalidArgument: [3, 400],
  DeadlineExceeded: [4, 504],
  NotFound: [5, 404],
  AlreadyExists: [6, 409],
  PermissionDenied: [7, 403],
  ResourceExhausted: [8, 429],
  FailedPrecondition: [9, 400],
  Aborted: [10, 409],
  Unimplemented: [12, 501],
  Internal: [13, 500],
  Unavailable: [14, 503],
  Unauthenticated: [16, 401],
} as const
export type ApiCode = keyof typeof codes

export class ApiError extends Error {
  readonly code: ApiCode
  /** Where the code's own status says less. */
  readonly statusOverride: number | undefined

  constructor(code: ApiCode, message: string, { cause, status }: { cause?: unknown; status?: number } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'ApiError'
    this.code = code
    this.statusOverride = status
  }

  get status(): number {
    return this.statusOverride ?? codes[this.code][1]
  }

  /** The body that Argo CD's clients read. */
  get body(): { error: string; code: number; message: string } {
    return { error: this.message, code: codes[this.code][0], message: this.message }
  }
}

/** The same whether the object does not exist or is not the caller's: nobody learns which. */
export function permissionDenied(question?: string): ApiError {
  return new ApiError('PermissionDenied', question ? `permission denied: ${question}` : 'permission denied')
}

const ofAccess: Record<AccessErrorKind, ApiCode> = {
  unauthenticated: 'Unauthenticated',
  forbidden: 'PermissionDenied',
  invalid: 'InvalidArgument',
  'not-found': 'NotFound',
  busy: 'ResourceExhausted',
}

const ofKube: Record<number, ApiCode> = {
  400: 'InvalidArgument',
  404: 'NotFound',
  409: 'Aborted',
  413: 'InvalidArgument',
  422: 'InvalidArgument',
  429: 'ResourceExhausted',
}

/** Anything that was thrown, as a caller may see it. What nobody foresaw is not told, only logged. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof AccessError) return new ApiError(ofAccess[error.kind], error.message, { cause: error })
  if (error instanceof KubeError) return ofCluster(error)
  if (error instanceof StageError) {
    return new ApiError(error.retry ? 'Unavailable' : 'FailedPrecondition', error.message, { cause: error })
  }
  const status = (error as { statusCode?: number }).statusCode
  if (status !== undefined && status < 500) return ofFramework(status, error as Error)
  return new ApiError('Internal', 'something went wrong on the server: its log says what', { cause: error })
}

function ofCluster(error: KubeError): ApiError {
  if (error.reason === 'AlreadyExists') return new ApiError('AlreadyExists', error.message, { cause: error })
  // It is our own account that the cluster refuses, not the caller.
  if (error.code === 401 || error.code === 403) {
    return new ApiError('FailedPrecondition', `the cluster refuses it to Tiphys: ${error.message}`, { cause: error })
  }
  return new ApiError(ofKube[error.code] ?? 'Unavailable', error.message, { cause: error })
}

function ofFramework(status: number, error: Error): ApiError {
  if (status === 429) return new ApiError('ResourceExhausted', error.message, { cause: error })
  return new ApiError('InvalidArgument', error.message, { cause: error, status })
}
