/** Conflicts of an apply with other managers, and the refusal that names them. */
import { StatusError } from '../status.ts'
import { difference, eachMember, type FieldSet, pathText } from './field-set.ts'
import { goQuote } from './go-text.ts'
import { identityOf, type Manager } from './managers.ts'

export interface Conflict {
  manager: Manager
  set: FieldSet
}

/** Thrown while applying; becomes a refusal unless the conflicts turn out to be allowed. */
export class Conflicts extends Error {
  readonly all: readonly Conflict[]

  constructor(all: readonly Conflict[]) {
    super('conflicts with other managers')
    this.all = all
  }

  /** What is left without the fields of `allowed`; undefined when that is nothing. */
  without(allowed: FieldSet): Conflicts | undefined {
    const rest = this.all.flatMap(({ manager, set }) => {
      const left = difference(set, allowed)
      return left ? [{ manager, set: left }] : []
    })
    return rest.length > 0 ? new Conflicts(rest) : undefined
  }
}

/** The 409 with a cause for each field. */
export function conflictError({ all }: Conflicts): StatusError {
  const managers = all
    .map(({ manager, set }) => ({ identity: identityOf(manager), text: managerText(manager), fields: fieldTexts(set) }))
    .sort((a, b) => (a.identity < b.identity ? -1 : 1))
  const causes = managers.flatMap(({ text, fields }) =>
    fields.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${text}`, field })),
  )
  if (managers.length > 1) {
    causes.sort((a, b) => (a.field < b.field ? -1 : a.field > b.field ? 1 : 0))
  }
  return new StatusError({
    message: messageOf(managers, causes.length),
    reason: 'Conflict',
    details: { causes },
    code: 409,
  })
}

function messageOf(managers: { text: string; fields: string[] }[], count: number): string {
  const [first] = managers
  if (count === 1 && first) {
    return `Apply failed with 1 conflict: conflict with ${first.text}: ${first.fields[0]}`
  }
  const blocks = managers.map(({ text, fields }) =>
    [`conflicts with ${text}:`, ...fields.map((field) => `- ${field}`)].join('\n'),
  )
  return `Apply failed with ${count} conflicts: ${blocks.join('\n')}`
}

function fieldTexts(set: FieldSet): string[] {
  const texts: string[] = []
  eachMember(set, (path) => texts.push(pathText(path)))
  return texts
}

function managerText({ name, operation, apiVersion, subresource }: Manager): string {
  const through = subresource ? ` with subresource ${goQuote(subresource)}` : ''
  const version = operation === 'Update' ? ` using ${apiVersion}` : ''
  return goQuote(name) + through + version
}
