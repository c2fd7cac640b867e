/** What somebody has chosen for a sync, and the request that it comes to. Pure. */
import type { Application, PlannedStep } from '../../lib/api.ts'
import type { PlanRequest } from '../../lib/ask-plan.ts'
import { selectorOf, stepKey } from '../../lib/sync-plan.ts'

type Source = NonNullable<Application['spec']['source']>

export interface SyncChoices {
  /** One for each source; '' is what the source names. */
  revisions: string[]
  prune: boolean
  dryRun: boolean
  force: boolean
  /** Hooks do not run. */
  applyOnly: boolean
  /** How often it is tried again when it fails. */
  retries: number
  /** Sync options that differ from those of the application, by name. */
  options: Record<string, string>
}

export function sourcesOf({ spec }: Application): Source[] {
  return spec.sources?.length ? spec.sources : spec.source ? [spec.source] : []
}

/** The options that the application declares, by name. */
export function declaredOptions({ spec }: Application): Record<string, string> {
  return Object.fromEntries(
    (spec.syncPolicy?.syncOptions ?? []).map((option) => {
      const [name = '', value = ''] = option.split('=', 2)
      return [name.trim(), value.trim()]
    }),
  )
}

/** `mayPrune`: the right is there. */
export function usualChoices(application: Application): SyncChoices {
  return {
    revisions: sourcesOf(application).map(() => ''),
    prune: application.spec.syncPolicy?.automated?.prune === true,
    dryRun: false,
    force: false,
    applyOnly: false,
    retries: 0,
    options: {},
  }
}

export function optionValue(application: Application, { options }: SyncChoices, name: string): string | undefined {
  return options[name] ?? declaredOptions(application)[name]
}

/** What is the same as declared is no choice. */
export function withOption(application: Application, choices: SyncChoices, name: string, value: string): SyncChoices {
  const { [name]: _before, ...others } = choices.options
  const isDeclared = (declaredOptions(application)[name] ?? defaults[name] ?? 'false') === value
  return { ...choices, options: isDeclared ? others : { ...others, [name]: value } }
}

const defaults: Record<string, string> = { Validate: 'true', PrunePropagationPolicy: 'foreground' }

export function planRequest(application: Application, choices: SyncChoices): PlanRequest {
  const { revisions, prune, force, applyOnly, options } = choices
  const merged = { ...declaredOptions(application), ...options }
  const items = Object.entries(merged).map(([name, value]) => `${name}=${value}`)
  const strategy = force ? { force: true } : {}
  return {
    ...revisionsRequest(revisions.map((one) => one.trim())),
    ...(prune && { prune: true }),
    ...((applyOnly || force) && { strategy: applyOnly ? { apply: strategy } : { hook: strategy } }),
    ...(Object.keys(options).length > 0 && { syncOptions: { items } }),
  }
}

function revisionsRequest(revisions: string[]): PlanRequest {
  const [first = ''] = revisions
  if (revisions.length === 1) return first ? { revision: first } : {}
  const wanted = revisions.flatMap((revision, index) => (revision ? [{ revision, position: index + 1 }] : []))
  if (wanted.length === 0) return {}
  return {
    revisions: wanted.map(({ revision }) => revision),
    sourcePositions: wanted.map(({ position }) => position),
  }
}

/** `included`: of all steps those that are meant; undefined: all. */
export function syncRequest(
  application: Application,
  choices: SyncChoices,
  included: PlannedStep[] | undefined,
): PlanRequest {
  return {
    ...planRequest(application, choices),
    ...(choices.dryRun && { dryRun: true }),
    ...(choices.retries > 0 && { retryStrategy: { limit: choices.retries } }),
    ...(included && { resources: included.map(selectorOf) }),
  }
}

/** Hooks belong to a sync of everything. */
export function includedSteps(steps: PlannedStep[], excluded: ReadonlySet<string>): PlannedStep[] {
  return steps.filter((step) => step.verb !== 'hook' && !excluded.has(stepKey(step)))
}
