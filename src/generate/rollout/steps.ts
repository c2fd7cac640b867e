/** The steps of `strategy: RollingSync`: which application is in which, and how many of one may go at once. Pure. */
import type { Application, ApplicationSet } from '../../model/index.ts'

type Strategy = NonNullable<ApplicationSet['spec']['strategy']>
type RolloutStep = NonNullable<NonNullable<Strategy['rollingSync']>['steps']>[number]

export interface Steps {
  count: number
  /** From 0; undefined: it is in none, and synced by nobody but people. */
  of(name: string): number | undefined
  names(step: number): string[]
  /** Of a step, at once. */
  most(step: number): number
  faults: string[]
}

export function isRollingSync({ spec: { strategy } }: ApplicationSet): boolean {
  return strategy?.type === 'RollingSync'
}

export function isReverseDeletion(set: ApplicationSet): boolean {
  return isRollingSync(set) && set.spec.strategy?.deletionOrder?.toLowerCase() === 'reverse'
}

/** Of several steps that mean an application the first has it. */
export function stepsOf(set: ApplicationSet, applications: Iterable<Application>): Steps {
  const steps = set.spec.strategy?.rollingSync?.steps ?? []
  const members = steps.map((): string[] => [])
  const places = new Map<string, number>()
  const faults = steps.length === 0 ? ['spec.strategy.rollingSync has no steps: say which applications go first'] : []
  for (const [index, step] of steps.entries()) faults.push(...faultsOf(step, index))
  for (const { metadata } of applications) {
    const step = steps.findIndex((one) => isIn(one, metadata.labels ?? {}))
    if (step < 0) continue
    places.set(metadata.name, step)
    members[step]?.push(metadata.name)
  }
  return {
    count: steps.length,
    of: (name) => places.get(name),
    names: (step) => members[step] ?? [],
    most: (step) => mostAtOnce(steps[step], members[step]?.length ?? 0),
    faults,
  }
}

function isIn({ matchExpressions = [] }: RolloutStep, labels: Record<string, string>): boolean {
  return matchExpressions.every(({ key = '', operator, values = [] }) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined
    const isOneOf = value !== undefined && values.includes(value)
    return operator === 'In' ? isOneOf : operator === 'NotIn' && !isOneOf
  })
}

function faultsOf({ matchExpressions = [], maxUpdate }: RolloutStep, index: number): string[] {
  const where = `spec.strategy.rollingSync.steps[${index}]`
  const operators = matchExpressions.map(({ operator = '' }) => operator)
  const unknown = operators.filter((operator) => operator !== 'In' && operator !== 'NotIn')
  const faults = unknown.map((operator) => `${where}: the operator ${JSON.stringify(operator)} is none of In, NotIn`)
  if (maxUpdate !== undefined && shareOf(maxUpdate, 100) === undefined) {
    faults.push(
      `${where}: maxUpdate ${JSON.stringify(maxUpdate)} is neither a number nor a percentage: nothing is synced`,
    )
  }
  return faults
}

/** Without maxUpdate all; a percentage means one at least, unless it is 0 %. What cannot be read means none. */
function mostAtOnce(step: RolloutStep | undefined, members: number): number {
  if (step?.maxUpdate === undefined || step.maxUpdate === null) return members
  return shareOf(step.maxUpdate, members) ?? 0
}

function shareOf(maxUpdate: number | string, members: number): number | undefined {
  if (typeof maxUpdate === 'number') return Number.isInteger(maxUpdate) && maxUpdate >= 0 ? maxUpdate : undefined
  if (/^\d+$/.test(maxUpdate)) return Number(maxUpdate)
  const percent = /^(\d+)%$/.exec(maxUpdate)?.[1]
  if (percent === undefined) return undefined
  const share = Math.floor((members * Number(percent)) / 100)
  return Number(percent) > 0 ? Math.max(share, 1) : 0
}
