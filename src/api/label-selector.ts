/** Label selectors as Kubernetes writes them: `a=b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, `a>1`, `a<1`. Pure. */
import { ApiError } from './api-error.ts'

type Labels = Record<string, string> | undefined
export type MatchesLabels = (labels: Labels) => boolean

/** Throws InvalidArgument. An empty selector matches everything. */
export function labelSelector(text: string | undefined): MatchesLabels {
  const requirements = splitRequirements(text ?? '').map(requirement)
  return (labels) => requirements.every((matches) => matches(labels))
}

/** Commas within parentheses are part of a requirement. */
function splitRequirements(text: string): string[] {
  return (text.match(/(?:\([^()]*\)|[^,()])+|[()]/g) ?? []).map((part) => part.trim()).filter((part) => part !== '')
}

const name = '[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?'
const absent = new RegExp(`^!\\s*(${name})$`)
const present = new RegExp(`^(${name})$`)
const compared = new RegExp(`^(${name})\\s*(==|=|!=|>|<)\\s*([-A-Za-z0-9_.]*)$`)
const among = new RegExp(`^(${name})\\s+(in|notin)\\s*\\(([^()]*)\\)$`)

const comparisons: Record<string, (value: string | undefined, wanted: string) => boolean> = {
  '=': (value, wanted) => value === wanted,
  '==': (value, wanted) => value === wanted,
  '!=': (value, wanted) => value !== wanted,
  '>': (value, wanted) => isNumber(value) && Number(value) > Number(wanted),
  '<': (value, wanted) => isNumber(value) && Number(value) < Number(wanted),
}

function requirement(text: string): MatchesLabels {
  const [, missing] = absent.exec(text) ?? []
  if (missing !== undefined) return (labels) => labelValue(labels, missing) === undefined
  const [, there] = present.exec(text) ?? []
  if (there !== undefined) return (labels) => labelValue(labels, there) !== undefined
  const [, key, operator = '', wanted = ''] = compared.exec(text) ?? []
  const compare = comparisons[operator]
  if (key !== undefined && compare) return (labels) => compare(labelValue(labels, key), wanted)
  return setRequirement(text)
}

function setRequirement(text: string): MatchesLabels {
  const [, key, operator, list = ''] = among.exec(text) ?? []
  if (key === undefined) {
    throw new ApiError(
      'InvalidArgument',
      `the selector has ${JSON.stringify(text)}, which is no requirement on a label`,
    )
  }
  const values = new Set(list.split(',').map((value) => value.trim()))
  return (labels) => {
    const value = labelValue(labels, key)
    return operator === 'in' ? value !== undefined && values.has(value) : value === undefined || !values.has(value)
  }
}

function labelValue(labels: Labels, key: string): string | undefined {
  return labels && Object.hasOwn(labels, key) ? labels[key] : undefined
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && /^-?\d+$/.test(text)
}
