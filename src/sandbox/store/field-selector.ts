/** Field selectors: which fields of which kind may be asked for, and matching. */
import type { KubeObject } from '../object.ts'
import { badRequest } from '../refusal.ts'

/** The fields of one kind that may be asked for besides name and namespace, with an object's values. */
export type SelectableFields = (object: KubeObject) => Record<string, string>

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
function unknownField(field: string, more: SelectableFields | undefined): string {
  if (more) return `field label not supported: ${field}`
  return `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`
}

const nothing: KubeObject = { apiVersion: '', kind: '', metadata: {} }

function readerOf(field: string, more: SelectableFields | undefined): FieldRequirement['of'] | undefined {
  const known = everywhere[field]
  if (known) return known
  return more && field in more(nothing) ? (object) => more(object)[field] ?? '' : undefined
}

/** Reads `a=b,c!=d`; `more` holds the fields of the kind. */
export function parseFieldSelector(text: string, more: SelectableFields | undefined): FieldRequirement[] {
  return text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const match = /^([^=!]*?)(!=|==|=)(.*)$/.exec(part)
      if (!match) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`)
      const [, field = '', operator, value = ''] = match
      const of = readerOf(field, more)
      if (!of) throw badRequest(unknownField(field, more))
      return { field, equal: operator !== '!=', value, of }
    })
}

export function fieldsMatch(requirements: FieldRequirement[], object: KubeObject): boolean {
  return requirements.every(({ of, equal, value }) => (of(object) === value) === equal)
}
