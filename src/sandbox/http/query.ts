/** The query parameters of each verb, with the refusals the real server has for them. */
import type { DeleteOptions } from '../lifecycle/remove.ts'
import { badRequest, internalError, invalidOptions } from '../refusal.ts'
import { goQuote } from '../typed/go-text.ts'

type Cause = { reason: string; message: string; field: string }

/** A decimal integer as Go's strconv reads it. */
export function integer(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
  return Number(text)
}

/** Only '0', 'false' and their like are false, as in the real server's lenient reading. */
export function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name)
  return value !== null && !['0', 'f', 'false'].includes(value.toLowerCase())
}

function unsupported(field: string, value: string, supported: string[]): Cause {
  const list = supported.map((one) => JSON.stringify(one)).join(', ')
  return { reason: 'FieldValueNotSupported', message: `Unsupported value: ${value}: supported values: ${list}`, field }
}

export interface WriteOptions {
  dryRun: boolean
  fieldManager: string
  fieldValidation: '' | 'Ignore' | 'Strict' | 'Warn'
  force: boolean | undefined
}

const validations = ['', 'Ignore', 'Strict', 'Warn']

function dryRunCauses(values: readonly string[]): Cause[] {
  if (values.every((value) => value === 'All')) return []
  return [unsupported('dryRun', `[${values.map((value) => JSON.stringify(value)).join(' ')}]`, ['All'])]
}

function managerCauses(manager: string): Cause[] {
  const field = 'fieldManager'
  if (Buffer.byteLength(manager) > 128) {
    return [{ reason: 'FieldValueTooLong', message: 'Too long: may not be more than 128 bytes', field }]
  }
  const odd = [...manager].findIndex((letter) => /\p{Cc}/u.test(letter))
  if (odd < 0) return []
  const code = (manager.codePointAt(odd) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  const message = `Invalid value: ${goQuote(manager)}: invalid character U+${code} (at position ${odd})`
  return [{ reason: 'FieldValueInvalid', message, field }]
}

/** CreateOptions, UpdateOptions or PatchOptions; `isApply` and `isPatch` add the rules of a patch. */
export function writeOptions(
  query: URLSearchParams,
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  isApply = false,
): WriteOptions {
  const dryRun = query.getAll('dryRun')
  const fieldManager = query.get('fieldManager') ?? ''
  const fieldValidation = query.get('fieldValidation') ?? ''
  const force = query.has('force') ? flag(query, 'force') : undefined
  const causes: Cause[] = []
  if (kind === 'PatchOptions' && isApply && fieldManager === '') {
    causes.push({
      reason: 'FieldValueRequired',
      message: 'Required value: is required for apply patch',
      field: 'fieldManager',
    })
  }
  if (kind === 'PatchOptions' && !isApply && force !== undefined) {
    causes.push({
      reason: 'FieldValueForbidden',
      message: 'Forbidden: may not be specified for non-apply patch',
      field: 'force',
    })
  }
  causes.push(...managerCauses(fieldManager), ...dryRunCauses(dryRun))
  if (!validations.includes(fieldValidation)) {
    causes.push(unsupported('fieldValidation', JSON.stringify(fieldValidation), validations))
  }
  if (causes.length > 0) throw invalidOptions(kind, causes)
  return {
    dryRun: dryRun.length > 0,
    fieldManager,
    fieldValidation: fieldValidation as WriteOptions['fieldValidation'],
    force,
  }
}

export interface ListQuery {
  labelSelector: string
  fieldSelector: string
  limit: number
  continue: string
  resourceVersion: string
  resourceVersionMatch: string
  isWatch: boolean
  timeoutSeconds: number | undefined
  allowWatchBookmarks: boolean
  sendInitialEvents: boolean | undefined
}

function forbiddenCause(field: string, message: string): Cause {
  return { reason: 'FieldValueForbidden', message: `Forbidden: ${message}`, field }
}

/** The rules between the options of a list. */
function listCauses(query: ListQuery): Cause[] {
  const causes: Cause[] = []
  const field = 'resourceVersionMatch'
  const { resourceVersionMatch: match, resourceVersion } = query
  if (match !== '') {
    if (resourceVersion === '') {
      causes.push(forbiddenCause(field, 'resourceVersionMatch is forbidden unless resourceVersion is provided'))
    }
    if (query.continue !== '') {
      causes.push(forbiddenCause(field, 'resourceVersionMatch is forbidden when continue is provided'))
    }
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      causes.push(unsupported(field, JSON.stringify(match), ['Exact', 'NotOlderThan', '']))
    }
    if (match === 'Exact' && resourceVersion === '0') {
      causes.push(forbiddenCause(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
    }
  }
  if (query.sendInitialEvents !== undefined) {
    causes.push(forbiddenCause('sendInitialEvents', 'sendInitialEvents is forbidden for list'))
  }
  return causes
}

/** The rules between the options of a watch. */
function watchCauses(query: ListQuery): Cause[] {
  const field = 'resourceVersionMatch'
  const { resourceVersionMatch: match } = query
  if (query.sendInitialEvents === undefined) {
    if (match === '') return []
    return [forbiddenCause(field, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided')]
  }
  const causes: Cause[] = []
  if (match !== 'NotOlderThan') {
    causes.push(forbiddenCause(field, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'))
    if (match !== '') causes.push(unsupported(field, JSON.stringify(match), ['NotOlderThan']))
  }
  if (query.continue !== '') {
    causes.push(forbiddenCause(field, 'resourceVersionMatch is forbidden when continue is provided'))
  }
  return causes
}

function checkRevision(query: ListQuery): void {
  const { resourceVersion } = query
  if (resourceVersion === '' || /^\d+$/.test(resourceVersion)) return
  const quoted = JSON.stringify(resourceVersion)
  const fault = `resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`
  throw query.isWatch ? internalError(fault) : badRequest(`invalid resource version: ${fault}`)
}

export function listQuery(query: URLSearchParams, isWatchPath = false): ListQuery {
  const timeout = query.get('timeout')
  if (timeout && !/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$|^0$/.test(timeout)) {
    throw badRequest(`invalid timeout specified in the request URL - time: invalid duration ${JSON.stringify(timeout)}`)
  }
  const seconds = query.get('timeoutSeconds')
  const options: ListQuery = {
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
    limit: integer(query.get('limit') || '0'),
    continue: query.get('continue') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
    isWatch: isWatchPath || flag(query, 'watch'),
    timeoutSeconds: seconds ? integer(seconds) : undefined,
    allowWatchBookmarks: flag(query, 'allowWatchBookmarks'),
    sendInitialEvents: query.has('sendInitialEvents') ? flag(query, 'sendInitialEvents') : undefined,
  }
  const causes = options.isWatch ? watchCauses(options) : listCauses(options)
  if (causes.length > 0) throw invalidOptions('ListOptions', causes)
  checkRevision(options)
  return options
}

const policies = ['Foreground', 'Background', 'Orphan', 'nil']

/** DeleteOptions from the body, else from the query; `dryRun` apart, since it is the call's. */
export function deleteOptions(
  query: URLSearchParams,
  body: DeleteBody | undefined,
): DeleteOptions & { dryRun: boolean } {
  const grace = query.get('gracePeriodSeconds')
  const options: DeleteBody = body ?? {
    gracePeriodSeconds: grace === null ? undefined : integer(grace),
    propagationPolicy: query.get('propagationPolicy') ?? undefined,
    orphanDependents: query.has('orphanDependents') ? flag(query, 'orphanDependents') : undefined,
    dryRun: query.getAll('dryRun'),
  }
  const { propagationPolicy: policy } = options
  const causes: Cause[] = []
  if (policy !== undefined && !policies.slice(0, 3).includes(policy)) {
    causes.push(unsupported('propagationPolicy', JSON.stringify(policy), policies))
  }
  if (policy !== undefined && options.orphanDependents !== undefined) {
    const message = `Invalid value: ${JSON.stringify(policy)}: orphanDependents and deletionPropagation cannot be both set`
    causes.push({ reason: 'FieldValueInvalid', message, field: 'propagationPolicy' })
  }
  const dryRun = options.dryRun ?? []
  causes.push(...dryRunCauses(dryRun))
  if (causes.length > 0) throw invalidOptions('DeleteOptions', causes)
  return { ...options, dryRun: dryRun.length > 0 }
}

export type DeleteBody = DeleteOptions & { dryRun?: string[]; apiVersion?: string; kind?: string }
