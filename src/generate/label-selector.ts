/** Label selectors as objects of Kubernetes write them. Pure. */
import { StageError } from '../model/index.ts'
import { Fields, type Static, Text, TextMap, Texts, Type } from '../model/schema.ts'

export const LabelSelector = Fields({
  matchLabels: TextMap,
  matchExpressions: Type.Array(Fields({ key: Text, operator: Text, values: Texts })),
})
export type LabelSelector = Static<typeof LabelSelector>

type Labels = Readonly<Record<string, string>>

export function isEmptySelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0
}

/** Throws a StageError for an operator that there is not. */
export function labelMatcher({ matchLabels = {}, matchExpressions = [] }: LabelSelector): (labels: Labels) => boolean {
  const wanted = Object.entries(matchLabels)
  const tests = matchExpressions.map(({ key = '', operator = '', values = [] }) => {
    const test = operators[operator]
    if (test) return (labels: Labels) => test(Object.hasOwn(labels, key) ? labels[key] : undefined, values)
    const message = `the selector asks for ${JSON.stringify(operator)}, which is none of ${Object.keys(operators).join(', ')}`
    throw new StageError('generate', message, { retry: false })
  })
  return (labels) =>
    wanted.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value) &&
    tests.every((test) => test(labels))
}

const operators: Record<string, (value: string | undefined, values: string[]) => boolean> = {
  In: (value, values) => value !== undefined && values.includes(value),
  NotIn: (value, values) => value === undefined || !values.includes(value),
  Exists: (value) => value !== undefined,
  DoesNotExist: (value) => value === undefined,
}
