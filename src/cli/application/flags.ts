/** The flags of `app create`, `app set` and `app add-source`, and what they make of an application's spec. Names as in argocd. */
import { type Command, Option } from 'commander'
import type { ApplicationSource, ApplicationSpec } from '../../model/index.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import { collect, wholeNumber } from '../words.ts'
import { type GivenFlags, namesSource, positionOf, sourceOptions, withSourceFlags } from './source-flags.ts'

export interface SpecFlags extends GivenFlags {
  project?: string
  path?: string
  destServer?: string
  destName?: string
  destNamespace?: string
  syncPolicy?: 'automated' | 'auto' | 'automatic' | 'none' | 'manual'
  autoPrune?: boolean
  selfHeal?: boolean
  allowEmpty?: boolean
  syncOption?: string[]
  syncRetryLimit?: number
  syncRetryBackoffDuration?: string
  syncRetryBackoffMaxDuration?: string
  syncRetryBackoffFactor?: number
  syncRetryRefresh?: boolean
  revisionHistoryLimit?: number
  sourcePosition?: number
  sourceName?: string
}

const policyOptions = () => [
  new Option('--project <name>', 'project the application belongs to'),
  new Option('--dest-server <url>', 'destination cluster by URL'),
  new Option('--dest-name <name>', 'destination cluster by name'),
  new Option('--dest-namespace <namespace>', 'destination namespace'),
  new Option('--sync-policy <policy>', 'automated sync on or off').choices([
    'automated',
    'auto',
    'automatic',
    'none',
    'manual',
  ]),
  new Option('--auto-prune', 'let automated sync prune'),
  new Option('--no-auto-prune', 'keep automated sync from pruning'),
  new Option('--self-heal', 'let automated sync undo changes made to the cluster'),
  new Option('--no-self-heal', 'leave changes made to the cluster'),
  new Option('--allow-empty', 'let automated sync delete every resource'),
  new Option(
    '--sync-option <option>',
    'add a sync option such as CreateNamespace=true, or remove one with "!" before it',
  ).argParser(collect),
  new Option('--sync-retry-limit <count>', 'tries after a failed sync').argParser(wholeNumber),
  new Option('--sync-retry-backoff-duration <duration>', 'wait before the first of them, such as 5s'),
  new Option('--sync-retry-backoff-max-duration <duration>', 'longest wait between two of them'),
  new Option('--sync-retry-backoff-factor <number>', 'how much longer each waits').argParser(wholeNumber),
  new Option('--sync-retry-refresh', 'they take what Git has by then'),
  new Option('--revision-history-limit <count>', 'revisions to remember').argParser(wholeNumber),
]

export function addSpecFlags(command: Command): Command {
  for (const option of [...policyOptions(), ...sourceOptions()]) command.addOption(option)
  return command
}

/** For the commands that change an application that may have several sources. */
export function addSourceChoice(command: Command): Command {
  return command
    .option('--source-position <number>', 'which of several sources, counted from 1', wholeNumber)
    .option('--source-name <name>', 'which of several sources, by its name')
}

/** The spec with every flag that was given put in; the rest stays as it was. */
export function withFlags(spec: ApplicationSpec, flags: SpecFlags): ApplicationSpec {
  const result = structuredClone(spec)
  if (flags.project !== undefined) result.project = flags.project
  if (flags.revisionHistoryLimit !== undefined) result.revisionHistoryLimit = flags.revisionHistoryLimit
  setDestination(result, flags)
  setPolicy(result, flags)
  if (namesSource(flags)) setSource(result, flags)
  return result
}

function setSource(spec: ApplicationSpec, flags: SpecFlags): void {
  if (!spec.sources?.length) spec.source = withSourceFlags(spec.source ?? { repoURL: '' }, flags)
  else spec.sources = changedSources(spec.sources, flags, (source) => withSourceFlags(source, flags))
}

/** Of several, the one that the flags choose has to be named. */
export function changedSources(
  sources: ApplicationSource[],
  choice: { sourcePosition?: number; sourceName?: string },
  change: (source: ApplicationSource) => ApplicationSource,
): ApplicationSource[] {
  const position = positionOf(sources, choice)
  if (position === undefined) {
    throw new CommandError('the application has several sources: say which with --source-position or --source-name', {
      code: exitCode.usage,
    })
  }
  return sources.map((source, index) => (index === position ? change(source) : source))
}

function setDestination(spec: ApplicationSpec, { destServer, destName, destNamespace }: SpecFlags): void {
  const { destination } = spec
  if (destServer !== undefined) {
    destination.server = destServer
    if (destName === undefined) delete destination.name
  }
  if (destName !== undefined) {
    destination.name = destName
    if (destServer === undefined) delete destination.server
  }
  if (destNamespace !== undefined) destination.namespace = destNamespace
}

function setPolicy(spec: ApplicationSpec, flags: SpecFlags): void {
  const policy = { ...spec.syncPolicy }
  if (flags.syncPolicy === 'none' || flags.syncPolicy === 'manual') delete policy.automated
  else if (flags.syncPolicy) policy.automated = { ...policy.automated, enabled: true }
  const { autoPrune, selfHeal, allowEmpty } = flags
  if (autoPrune !== undefined || selfHeal !== undefined || allowEmpty !== undefined) {
    if (!policy.automated) {
      throw new CommandError(
        '--auto-prune, --self-heal and --allow-empty need automated sync: add --sync-policy automated',
        { code: exitCode.usage },
      )
    }
    if (autoPrune !== undefined) policy.automated.prune = autoPrune
    if (selfHeal !== undefined) policy.automated.selfHeal = selfHeal
    if (allowEmpty !== undefined) policy.automated.allowEmpty = allowEmpty
  }
  for (const option of flags.syncOption ?? []) policy.syncOptions = withOption(policy.syncOptions ?? [], option)
  const retry = retryOf(policy.retry, {
    limit: flags.syncRetryLimit,
    refresh: flags.syncRetryRefresh,
    duration: flags.syncRetryBackoffDuration,
    maxDuration: flags.syncRetryBackoffMaxDuration,
    factor: flags.syncRetryBackoffFactor,
  })
  if (retry) policy.retry = retry
  if (Object.keys(policy).length > 0) spec.syncPolicy = policy
  else delete spec.syncPolicy
}

type Retry = NonNullable<NonNullable<ApplicationSpec['syncPolicy']>['retry']>

export interface RetryFlags {
  limit?: number | undefined
  refresh?: boolean | undefined
  duration?: string | undefined
  maxDuration?: string | undefined
  factor?: number | undefined
}

/** What was there with what is given put in; the same when nothing is. */
export function retryOf(before: Retry | undefined, given: RetryFlags): Retry | undefined {
  const { limit, refresh, duration, maxDuration, factor } = given
  const backoff = {
    ...(duration !== undefined && { duration }),
    ...(maxDuration !== undefined && { maxDuration }),
    ...(factor !== undefined && { factor }),
  }
  const changes = {
    ...(limit !== undefined && { limit }),
    ...(refresh !== undefined && { refresh }),
    ...(Object.keys(backoff).length > 0 && { backoff: { ...before?.backoff, ...backoff } }),
  }
  return Object.keys(changes).length > 0 ? { ...before, ...changes } : before
}

function withOption(options: string[], option: string): string[] {
  if (option.startsWith('!')) return options.filter((other) => other !== option.slice(1))
  const [name] = option.split('=')
  return [...options.filter((other) => other.split('=')[0] !== name), option]
}
