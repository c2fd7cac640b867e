/** How the recordings cut some bodies down; the same cut is made of our answer before the two are compared. */
import type { Step } from './trace.ts'

type Body = Record<string, unknown>
type Meta = Record<string, unknown>

function metadata(item: unknown): Meta {
  return ((item as Body).metadata ?? {}) as Meta
}

function itemsOf(body: unknown): unknown[] {
  return ((body as Body).items ?? []) as unknown[]
}

function pick(from: Body, keys: readonly string[]): Body {
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]))
}

const names = (body: unknown) => itemsOf(body).map((item) => metadata(item).name)

function ownersCut(item: unknown): Body {
  const meta = pick(metadata(item), ['finalizers', 'deletionTimestamp', 'ownerReferences'])
  return meta
}

/** Owner references as recorded in a cut: without uid and apiVersion, and without a generated name. */
function recordedOwners(cut: Body, expected: unknown): Body {
  const owners = cut.ownerReferences as Body[] | undefined
  const models = ((expected as Body | undefined)?.ownerReferences ?? []) as Body[]
  if (!owners) return cut
  return { ...cut, ownerReferences: owners.map((owner, at) => pick(owner, Object.keys(models[at] ?? owner))) }
}

type Cut = (body: unknown, step: Step) => unknown

const byNote: Record<string, Cut> = {
  'items are given here by name only': (body) => ({ ...(body as Body), items: names(body) }),
  'lists are cut here to their kind': (body) => {
    if (typeof body !== 'object' || body === null) return body
    const { kind, paths } = body as Body
    if (paths) return { paths: '...' }
    return typeof kind === 'string' && kind.endsWith('List') ? { kind } : body
  },
  'items are cut here to finalizers, deletionTimestamp and owners': (body, step) =>
    itemsOf(body).map((item, at) => recordedOwners(ownersCut(item), (step.response.body as unknown[])[at])),
  'columns as [name, type, format, priority]; no rows': (body) => ({
    columnDefinitions: ((body as Body).columnDefinitions as Body[]).map(({ name, type, format, priority }) => [
      name,
      type,
      format,
      priority,
    ]),
  }),
  'column definitions are shortened here to their names': (body) => {
    const { columnDefinitions, rows } = body as { columnDefinitions: Body[]; rows: unknown }
    return { columnDefinitions: columnDefinitions.map(({ name }) => name), rows }
  },
  'the body was a ConfigMap named notype, sent without a content type': (body) => ({
    metadata: { name: metadata(body).name },
  }),
  'only managedFields, without time': (body) =>
    (metadata(body).managedFields as Body[]).map(({ time: _time, ...entry }) => entry),
  'cut to the telling fields and sorted by reason': (body, step) => {
    const keys = Object.keys((step.response.body as Body[])[0] ?? {})
    return itemsOf(body)
      .map((item) => pick(item as Body, keys))
      .sort((a, b) => String(a.reason).localeCompare(String(b.reason)))
  },
  'cut here': (body) => itemsOf(body).map((item) => pick(metadata(item), ['ownerReferences', 'labels'])),
  'the body is given here as what was sent and what came back': (body, step) => {
    const sent = containersOf(step.request.body)
    return containersOf(body).map((requests, at) => quantitiesOf(sent[at] ?? {}, requests))
  },
  'the server gives the causes in no fixed order; they are sorted here': sortedCauses,
  'managers come in no fixed order; the causes are sorted here': sortedCauses,
  'rules are sorted here': (body) => {
    const { status, ...rest } = body as { status: Record<string, unknown> }
    const sorted = (rules: unknown) => [...(rules as unknown[])].sort(byText)
    const { resourceRules, nonResourceRules } = status
    return {
      ...rest,
      status: { ...status, resourceRules: sorted(resourceRules), nonResourceRules: sorted(nonResourceRules) },
    }
  },
  'the message is cut here after its first line': (body) =>
    JSON.parse(JSON.stringify(body).replace(/(negative\))\\n(?:[^"\\]|\\.)*/g, '$1\\n...(a diff follows)')) as unknown,
}

/** The cuts that were made of refusals; the others have nothing to cut there. */
const ofRefusals = new Set([
  'the server gives the causes in no fixed order; they are sorted here',
  'managers come in no fixed order; the causes are sorted here',
  'the message is cut here after its first line',
])

function byText(a: unknown, b: unknown): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

/** The message names the causes in the same free order, so it is cut to what comes before them. */
function sortedCauses(body: unknown): unknown {
  const status = structuredClone(body) as { details?: { causes?: Body[] } }
  status.details?.causes?.sort((a, b) => {
    const [left, right] = [`${a.field} ${a.message}`, `${b.field} ${b.message}`]
    return left < right ? -1 : left > right ? 1 : 0
  })
  return status
}

function containersOf(pod: unknown): Record<string, string>[] {
  const { containers } = (pod as { spec: { containers: { resources: { requests: Record<string, string> } }[] } }).spec
  return containers.map(({ resources }) => resources.requests)
}

function quantitiesOf(sent: Record<string, string>, got: Record<string, string>): Body {
  return Object.fromEntries(Object.keys(sent).map((name) => [name, { sent: sent[name], got: got[name] }]))
}

function byShape(body: unknown, step: Step): unknown {
  const { body: expected } = step.response
  const actual = body as Body | undefined
  if (Array.isArray(expected) && Array.isArray(actual?.resources)) {
    return actual.resources.map(({ storageVersionHash: _, ...entry }: Body) => entry)
  }
  if (actual?.kind === 'Status') return body
  if (Array.isArray(expected) && Array.isArray(actual?.items)) {
    return typeof expected[0] === 'string' ? names(body) : actual.items
  }
  if (typeof expected !== 'object' || expected === null || typeof body !== 'object') return body
  const { items, schemas, status } = expected as Body & { status?: Body }
  if (Array.isArray(items) && items.length > 0 && items.every((item) => typeof item === 'string')) {
    return { ...actual, items: names(body) }
  }
  if (Array.isArray(schemas)) return { schemas: schemaFields(body, schemas) }
  if (status?.token === '<a signed token>')
    return { ...actual, status: { ...(actual?.status as Body), token: '<a signed token>' } }
  return body
}

/** The fields of the kind that the OpenAPI document describes. */
function schemaFields(document: unknown, expected: unknown[]): string[] {
  const { components } = document as { components: { schemas: Record<string, { properties?: Body }> } }
  for (const { properties } of Object.values(components.schemas)) {
    const keys = Object.keys(properties ?? {}).sort()
    if (keys.join() === [...expected].sort().join()) return keys
  }
  return Object.keys(components.schemas)
}

/** Our answer's body, cut as the recorded one was. */
export function cutLikeRecorded(body: unknown, step: Step): unknown {
  if (step.response.body === '(the index of OpenAPI v3)') {
    return (body as Body | undefined)?.paths ? step.response.body : body
  }
  for (const [note, cut] of Object.entries(byNote)) {
    if (step.note !== note && !step.note?.endsWith(`; ${note}`)) continue
    const isRefusal = (body as Body | undefined)?.kind === 'Status'
    return isRefusal && !ofRefusals.has(note) ? body : cut(body, step)
  }
  return byShape(body, step)
}
