/** Field selectors: which fields of which kind may be asked for, and matching. */
import type { KubeObject } from '../object.ts'
import { badRequest } from '../refusal.ts'

/** The fields of one kind that may be asked for besides name and namespace, with an object's values. */
interface Selectable {
  /** Of the version that is asked, since a version may name its fields otherwise. */
  apiVersion: string
  fields?: ((object: KubeObject) => Record<string, string>) | undefined
}

export interface FieldRequirement {
  field: string
  equal: boolean
  value: string
  /** Reads the field; '' where it is absent. */
  of(object: KubeObject): string
}

const everywhere: Record<string, (object: KubeObject) => string> = {
  'metadata.name': ({ metadata }) => metadata.name ?? '',
  'metadata.namespace': ({ metadata }) => metadata.namespace ?? '',
}

/** Groups without selectable fields of their own name the known ones in their refusal; the others refuse the label. */
function unknownField(field: string, of: Selectable): string {
  if (of.fields) return `field label not supported: ${field}`
  return `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`
}

function readerOf(field: string, of: Selectable): FieldRequirement['of'] | undefined {
  const known = everywhere[field]
  if (known) return known
  const { apiVersion, fields } = of
  const isKnown = fields && field in fields({ apiVersion, kind: '', metadata: {} })
  return isKnown ? (object) => fields(object)[field] ?? '' : undefined
}

/** Reads `a=b,c!=d`. */
export function parseFieldSelector(text: string, selectable: Selectable): FieldRequirement[] {
  return text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const match = /^([^=!]*?)(!=|==|=)(.*)$/.exec(part)
      if (!match) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`)
      const [, field = '', operator, value = ''] = match
      const of = readerOf(field, selectable)
      if (!of) throw badRequest(unknownField(field, selectable))
      return { field, equal: operator !== '!=', value, of }
    })
}

export function fieldsMatch(requirements: FieldRequirement[], object: KubeObject): boolean {
  return requirements.every(({ of, equal, value }) => (of(object) === value) === equal)
}
