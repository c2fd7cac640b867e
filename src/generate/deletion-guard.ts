/** Whether applications that are no longer generated may go: a few go by themselves, many wait for somebody's word. Pure. */
import { createHash } from 'node:crypto'
import { type Application, type ApplicationSet, annotation } from '../model/index.ts'
import { type Dict, isDict } from '../template/index.ts'

export interface DeletionQuestion {
  set: ApplicationSet
  /** Those that are no longer generated. */
  surplus: Application[]
  /** All that the set has, those among them. */
  owned: number
  /** Whether it is known which applications there ought to be. */
  isComplete: boolean
  /** Whether the set has generated it before, as it is written now. */
  wasMade(name: string): boolean
}

export type DeletionAnswer =
  | { kind: 'delete'; applications: Application[] }
  /** Nobody knows whether they are meant. */
  | { kind: 'keep'; message: string }
  | { kind: 'wait'; message: string; approval: string }

/** So many at once go without a word, however few there are. */
const fewApplications = 3
const smallShare = 0.2
const mostNames = 5

export function deletionAnswer(question: DeletionQuestion): DeletionAnswer {
  const { set, surplus, owned, isComplete } = question
  if (surplus.length === 0) return { kind: 'delete', applications: [] }
  const names = surplus.map(({ metadata }) => metadata.name).sort()
  if (!isComplete) {
    return { kind: 'keep', message: `${listed(names)} not generated now, and kept as long as something fails` }
  }
  const isNothingLeft = surplus.length === owned && !mayBeEmpty(set.spec.generators)
  const isMany = surplus.length > mostUnasked(question) && !areClosed(question)
  if (!isNothingLeft && !isMany) return { kind: 'delete', applications: surplus }
  const approval = approvalFor(surplus)
  if (set.metadata.annotations?.[annotation.approveDeletion] === approval) {
    return { kind: 'delete', applications: surplus }
  }
  const { namespace = '', name } = set.metadata
  const command = `kubectl annotate --overwrite -n ${namespace} applicationset ${name} ${annotation.approveDeletion}=${approval}`
  const why = isNothingLeft ? 'nothing is generated any more' : `these are ${surplus.length} of ${owned} applications`
  const message = `${listed(names)} no longer generated, and not deleted yet, since ${why}: if that is meant, run "${command}"`
  return { kind: 'wait', message, approval }
}

/** The same for the same applications, and for no others. */
function approvalFor(applications: Application[]): string {
  const lines = applications.map(({ metadata }) => `${metadata.name} ${metadata.uid}`).sort()
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 12)
}

/** The annotation can raise the number, and not lower it. */
function mostUnasked({ set, owned }: DeletionQuestion): number {
  const [, number, percent] =
    /^\s*(\d+)\s*(%)?\s*$/.exec(set.metadata.annotations?.[annotation.deletionsUnasked] ?? '') ?? []
  const allowed = percent ? (owned * Number(number)) / 100 : Number(number ?? 0)
  return Math.max(fewApplications, owned * smallShare, allowed)
}

/**
 * Pull requests are closed every day, several of them between two looks. Each was there when the set was as it is now, and
 * their host still names others: what has changed is neither the set nor whether the host tells anything.
 */
function areClosed({ set, surplus, owned, wasMade }: DeletionQuestion): boolean {
  return (
    surplus.length < owned &&
    set.spec.generators.every(comesFromPullRequests) &&
    surplus.every(({ metadata }) => wasMade(metadata.name))
  )
}

/** Nothing but pull requests decides how many there are, and a repository that is gone is no answer. */
function comesFromPullRequests(entry: Dict): boolean {
  return Object.entries(entry).every(([name, spec]) => {
    if (name === 'selector') return true
    if (!isDict(spec)) return false
    if (name === 'pullRequest') return spec.continueOnRepoNotFoundError !== true
    if (name !== 'matrix' || !Array.isArray(spec.generators)) return false
    const inner = spec.generators.filter(isDict)
    return inner.some(comesFromPullRequests) && inner.every((one) => 'list' in one || comesFromPullRequests(one))
  })
}

/** That there is no pull request is nothing unusual. */
function mayBeEmpty(entries: Dict[]): boolean {
  return entries.some((entry) =>
    Object.entries(entry).some(
      ([name, spec]) =>
        name === 'pullRequest' ||
        (isDict(spec) && Array.isArray(spec.generators) && mayBeEmpty(spec.generators.filter(isDict))),
    ),
  )
}

export function listed(names: string[]): string {
  const more = names.length - mostNames
  const shown = names.slice(0, mostNames).join(', ')
  const what = names.length === 1 ? `the application ${shown} is` : `the applications ${shown}`
  if (names.length === 1) return what
  return more > 0 ? `${what} and ${more} more are` : `${what} are`
}
