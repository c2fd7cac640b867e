/** Secrets are shown without their values, but so that one sees which values differ. */
import { annotation, type FieldDrift, groupOf, type KubeObject } from '../model/index.ts'

const mask = '++++++++'

/** As Argo CD shows them: equal values get equal masks, a value that differs from the first gets a longer one. */
export function maskSecrets<Objects extends (KubeObject | undefined)[]>(...objects: Objects): Objects {
  const seen = new Map<string, unknown[]>()
  return objects.map((object) => (object && isSecret(object) ? maskOne(object, seen) : object)) as Objects
}

export function isSecret(object: KubeObject): boolean {
  return object.kind === 'Secret' && groupOf(object.apiVersion) === ''
}

/** The drifts of a Secret with every value replaced. */
export function maskSecretDrifts(drifts: FieldDrift[]): FieldDrift[] {
  return drifts.map((drift) => {
    if (!isSensitivePath(drift.path)) return drift
    const masked = { ...drift }
    if (drift.desired !== undefined) masked.desired = maskDeep(drift.desired, mask)
    if (drift.live !== undefined) masked.live = maskDeep(drift.live, `${mask}++++`)
    return masked
  })
}

function isSensitivePath(path: string): boolean {
  return /^(data|stringData)\b/.test(path) || path === `metadata.annotations['${annotation.lastApplied}']`
}

function maskDeep(value: unknown, text: string): unknown {
  if (typeof value !== 'object' || value === null) return text
  return Object.fromEntries(Object.keys(value).map((name) => [name, text]))
}

function maskOne(secret: KubeObject, seen: Map<string, unknown[]>): KubeObject {
  const masked: KubeObject = { ...secret, metadata: { ...secret.metadata } }
  for (const field of ['data', 'stringData'] as const) {
    const values = secret[field]
    if (typeof values !== 'object' || values === null) continue
    masked[field] = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, maskFor(seen, `${field}.${name}`, value)]),
    )
  }
  const applied = secret.metadata.annotations?.[annotation.lastApplied]
  if (applied !== undefined) {
    const shown = maskFor(seen, annotation.lastApplied, applied)
    masked.metadata.annotations = { ...secret.metadata.annotations, [annotation.lastApplied]: shown }
  }
  return masked
}

/** The first value under a name gets the short mask, each further one four signs more. */
function maskFor(seen: Map<string, unknown[]>, name: string, value: unknown): string {
  const values = seen.get(name) ?? []
  seen.set(name, values)
  if (!values.includes(value)) values.push(value)
  return mask + '++++'.repeat(values.indexOf(value))
}
