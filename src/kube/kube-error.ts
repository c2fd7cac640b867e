/** What a cluster refused, and why: the Status object of an answer, or the reason that none came. */

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

export interface KubeErrorOptions {
  /** HTTP status; 0 when no answer came. */
  code: number
  /** The API's word, such as `NotFound`, `Conflict`, `Forbidden`; `Unreachable` when no answer came. */
  reason: string
  details?: StatusDetails
  retryAfterMs?: number
  cause?: unknown
}

export class KubeError extends Error {
  readonly code: number
  readonly reason: string
  readonly details?: StatusDetails
  readonly retryAfterMs?: number

  constructor(message: string, { code, reason, details, retryAfterMs, cause }: KubeErrorOptions) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'KubeError'
    this.code = code
    this.reason = reason
    this.details = details
    this.retryAfterMs = retryAfterMs
  }
}

/** 410: the resource version or the continue token is too old; only a new list helps. */
export class Expired extends KubeError {
  constructor(message: string, options: Partial<KubeErrorOptions> = {}) {
    super(message, { code: 410, reason: 'Expired', ...options })
    this.name = 'Expired'
  }
}

const passing = new Set([0, 408, 429, 500, 502, 503, 504])

/** True when the same request may succeed later without anybody changing anything. */
export function isRetriable(error: unknown): boolean {
  if (!(error instanceof KubeError)) return false
  return passing.has(error.code) || error.retryAfterMs !== undefined || error.code === 410
}

export function isConflict(error: unknown): boolean {
  return error instanceof KubeError && error.reason === 'Conflict'
}

export function isNotFound(error: unknown): boolean {
  return error instanceof KubeError && error.code === 404
}

/** The API's answer to what it refuses. */
export interface Status {
  message?: string
  reason?: string
  code?: number
  details?: StatusDetails
}

/** The error in a Status object: the body of a refused request, or an ERROR event of a watch. */
export function errorOfStatus(status: Status, options: { code?: number; retryAfter?: string } = {}): KubeError {
  const code = status.code ?? options.code ?? 500
  const message = status.message || `the server answered ${code} without saying why`
  const seconds = Number(options.retryAfter ?? status.details?.retryAfterSeconds)
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined
  const reason = status.reason || `Status${code}`
  const details = { code, reason, details: status.details, retryAfterMs }
  return code === 410 ? new Expired(message, details) : new KubeError(message, details)
}

/** The error of a refused request, whatever its body holds: proxies in between do not answer with Status objects. */
export function errorOfAnswer(code: number, body: string, retryAfter?: string): KubeError {
  return errorOfStatus(parseStatus(body) ?? { message: `the server answered ${code}: ${excerpt(body)}` }, {
    code,
    retryAfter,
  })
}

function parseStatus(body: string): Status | undefined {
  try {
    const parsed = JSON.parse(body)
    return parsed?.kind === 'Status' ? { ...parsed, code: parsed.code || undefined } : undefined
  } catch {
    return undefined
  }
}

function excerpt(body: string): string {
  const text = body.replace(/\s+/g, ' ').trim()
  return text.length > 200 ? `${text.slice(0, 200)}…` : text || 'no text'
}
