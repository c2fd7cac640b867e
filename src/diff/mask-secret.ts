/** Secrets are shown without their values, but so that one sees which values differ. */
import { annotation, type FieldDrift, isSecret, type KubeObject, secretMask as mask } from '../model/index.ts'

type Objects = (KubeObject | undefined)[]

/** As Argo CD shows them: equal values get equal masks, a value that differs from the first gets a longer one. */
export function maskSecrets<All extends Objects>(...objects: All): All {
  return maskSecretsAnd([], ...objects)
}

/** The same; `annotations`: those of Secrets whose values are secret too. */
export function maskSecretsAnd<All extends Objects>(annotations: readonly string[], ...objects: All): All {
  const hidden = [...annotations, annotation.lastApplied]
  const seen = new Map<string, unknown[]>()
  return objects.map((object) => (object && isSecret(object) ? maskOne(object, { seen, hidden }) : object)) as All
}

type Shown = Pick<FieldDrift, 'path' | 'desired' | 'live'>

/** Fields of a Secret with every value replaced; `annotations`: those whose values are secret too. */
export function maskFields<Field extends Shown>(fields: Field[], annotations: readonly string[] = []): Field[] {
  const hidden = [...annotations, annotation.lastApplied]
  return fields.map((drift) => {
    if (drift.path === 'metadata.annotations') return maskAnnotationMaps(drift, hidden)
    const name = /^metadata\.annotations(?:\.(.+)|\['(.+)'\])$/.exec(drift.path)
    if (!/^(data|stringData)\b/.test(drift.path) && !hidden.includes(name?.[1] ?? name?.[2] ?? '')) return drift
    const masked: Field = { ...drift }
    if (drift.desired !== undefined) masked.desired = maskDeep(drift.desired, mask)
    if (drift.live !== undefined) masked.live = maskDeep(drift.live, `${mask}++++`)
    return masked
  })
}

/** All annotations are one difference where one side has none. */
function maskAnnotationMaps<Field extends Shown>(field: Field, hidden: readonly string[]): Field {
  const maskedMap = (map: unknown) =>
    Object.fromEntries(
      Object.entries(map as object).map(([name, value]) => [name, hidden.includes(name) ? mask : value]),
    )
  return {
    ...field,
    ...(field.desired !== undefined && { desired: maskedMap(field.desired) }),
    ...(field.live !== undefined && { live: maskedMap(field.live) }),
  }
}

function maskDeep(value: unknown, text: string): unknown {
  if (typeof value !== 'object' || value === null) return text
  return Object.fromEntries(Object.keys(value).map((name) => [name, text]))
}

interface Masking {
  seen: Map<string, unknown[]>
  hidden: readonly string[]
}

function maskOne(secret: KubeObject, { seen, hidden }: Masking): KubeObject {
  const masked: KubeObject = { ...secret, metadata: { ...secret.metadata } }
  for (const field of ['data', 'stringData'] as const) {
    const values = secret[field]
    if (typeof values !== 'object' || values === null) continue
    masked[field] = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, maskFor(seen, `${field}.${name}`, value)]),
    )
  }
  const { annotations } = secret.metadata
  const present = hidden.filter((name) => annotations?.[name] !== undefined)
  const shown = present.map((name) => [name, maskFor(seen, `annotation ${name}`, annotations?.[name])])
  if (present.length > 0) masked.metadata.annotations = { ...annotations, ...Object.fromEntries(shown) }
  return masked
}

/** The first value under a name gets the short mask, each further one four signs more. */
function maskFor(seen: Map<string, unknown[]>, name: string, value: unknown): string {
  const values = seen.get(name) ?? []
  seen.set(name, values)
  if (!values.includes(value)) values.push(value)
  return mask + '++++'.repeat(values.indexOf(value))
}
