/** The flags of `app create` and `app set`, and what they make of an application's spec. Names as in argocd. */
import { type Command, Option } from 'commander'
import type { ApplicationSource, ApplicationSpec, KustomizeSource } from '../../model/index.ts'
import { CommandError, exitCode } from '../exit-code.ts'

export interface SpecFlags {
  project?: string
  repo?: string
  path?: string
  revision?: string
  helmChart?: string
  destServer?: string
  destName?: string
  destNamespace?: string
  syncPolicy?: 'automated' | 'auto' | 'automatic' | 'none' | 'manual'
  autoPrune?: boolean
  selfHeal?: boolean
  allowEmpty?: boolean
  syncOption?: string[]
  syncRetryLimit?: number
  releaseName?: string
  values?: string[]
  helmSet?: string[]
  helmSetString?: string[]
  kustomizeImage?: string[]
  nameprefix?: string
  namesuffix?: string
  kustomizeReplica?: string[]
  directoryRecurse?: boolean
  directoryInclude?: string
  directoryExclude?: string
  jsonnetExtVarStr?: string[]
  jsonnetTlaStr?: string[]
  revisionHistoryLimit?: number
}

const collect = (value: string, previous: string[] = []) => [...previous, value]

export function addSpecFlags(command: Command): Command {
  return command
    .option('--project <name>', 'project the application belongs to')
    .option('--repo <url>', 'repository URL')
    .option('--path <path>', 'folder in the repository')
    .option('--revision <revision>', 'branch, tag, commit or version range')
    .option('--helm-chart <name>', 'chart name, for a Helm repository')
    .option('--dest-server <url>', 'destination cluster by URL')
    .option('--dest-name <name>', 'destination cluster by name')
    .option('--dest-namespace <namespace>', 'destination namespace')
    .addOption(
      new Option('--sync-policy <policy>', 'automated sync on or off').choices([
        'automated',
        'auto',
        'automatic',
        'none',
        'manual',
      ]),
    )
    .option('--auto-prune', 'let automated sync prune')
    .option('--no-auto-prune', 'keep automated sync from pruning')
    .option('--self-heal', 'let automated sync undo changes made to the cluster')
    .option('--no-self-heal', 'leave changes made to the cluster')
    .option('--allow-empty', 'let automated sync delete every resource')
    .option(
      '--sync-option <option>',
      'add a sync option such as CreateNamespace=true, or remove one with "!" before it',
      collect,
    )
    .option('--sync-retry-limit <count>', 'tries after a failed sync', Number)
    .option('--release-name <name>', 'Helm release name')
    .option('--values <file>', 'Helm values file in the repository', collect)
    .option('--helm-set <key=value>', 'Helm parameter', collect)
    .option('--helm-set-string <key=value>', 'Helm parameter that stays a string', collect)
    .option('--kustomize-image <image>', 'Kustomize image override', collect)
    .option('--nameprefix <prefix>', 'Kustomize name prefix')
    .option('--namesuffix <suffix>', 'Kustomize name suffix')
    .option('--kustomize-replica <name=count>', 'Kustomize replica count', collect)
    .option('--directory-recurse', 'read sub-folders too')
    .option('--directory-include <glob>', 'read only these files')
    .option('--directory-exclude <glob>', 'leave these files out')
    .option('--jsonnet-ext-var-str <name=value>', 'Jsonnet external variable', collect)
    .option('--jsonnet-tla-str <name=value>', 'Jsonnet top-level argument', collect)
    .option('--revision-history-limit <count>', 'revisions to remember', Number)
}

/** The spec with every flag that was given put in; the rest stays as it was. */
export function withFlags(spec: ApplicationSpec, flags: SpecFlags): ApplicationSpec {
  const result = structuredClone(spec)
  if (flags.project !== undefined) result.project = flags.project
  if (flags.revisionHistoryLimit !== undefined) result.revisionHistoryLimit = flags.revisionHistoryLimit
  setDestination(result, flags)
  setPolicy(result, flags)
  if (namesSource(flags)) {
    if (result.sources?.length) {
      throw new CommandError(
        'the application has several sources: change them with kubectl edit or app create --file',
        {
          code: exitCode.usage,
        },
      )
    }
    result.source = withSourceFlags(result.source ?? { repoURL: '' }, flags)
  }
  return result
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
        {
          code: exitCode.usage,
        },
      )
    }
    if (autoPrune !== undefined) policy.automated.prune = autoPrune
    if (selfHeal !== undefined) policy.automated.selfHeal = selfHeal
    if (allowEmpty !== undefined) policy.automated.allowEmpty = allowEmpty
  }
  for (const option of flags.syncOption ?? []) policy.syncOptions = withOption(policy.syncOptions ?? [], option)
  if (flags.syncRetryLimit !== undefined) policy.retry = { ...policy.retry, limit: flags.syncRetryLimit }
  if (Object.keys(policy).length > 0) spec.syncPolicy = policy
  else delete spec.syncPolicy
}

function withOption(options: string[], option: string): string[] {
  if (option.startsWith('!')) return options.filter((other) => other !== option.slice(1))
  const [name] = option.split('=')
  return [...options.filter((other) => other.split('=')[0] !== name), option]
}

const sourceFlags: (keyof SpecFlags)[] = [
  'repo',
  'path',
  'revision',
  'helmChart',
  'releaseName',
  'values',
  'helmSet',
  'helmSetString',
  'kustomizeImage',
  'nameprefix',
  'namesuffix',
  'kustomizeReplica',
  'directoryRecurse',
  'directoryInclude',
  'directoryExclude',
  'jsonnetExtVarStr',
  'jsonnetTlaStr',
]

function namesSource(flags: SpecFlags): boolean {
  return sourceFlags.some((flag) => flags[flag] !== undefined)
}

export function withSourceFlags(source: ApplicationSource, flags: SpecFlags): ApplicationSource {
  const result = structuredClone(source)
  if (flags.repo !== undefined) result.repoURL = flags.repo
  if (flags.path !== undefined) result.path = flags.path
  if (flags.revision !== undefined) result.targetRevision = flags.revision
  if (flags.helmChart !== undefined) result.chart = flags.helmChart
  setHelm(result, flags)
  setKustomize(result, flags)
  setDirectory(result, flags)
  return result
}

function setHelm(source: ApplicationSource, { releaseName, values, helmSet, helmSetString }: SpecFlags): void {
  if (!releaseName && !values && !helmSet && !helmSetString) return
  const helm = { ...source.helm }
  if (releaseName) helm.releaseName = releaseName
  if (values) helm.valueFiles = values
  for (const [given, forceString] of [
    [helmSet, false],
    [helmSetString, true],
  ] as const) {
    for (const { name, value } of (given ?? []).map(pair)) {
      const others = (helm.parameters ?? []).filter((parameter) => parameter.name !== name)
      helm.parameters = [...others, { name, value, ...(forceString && { forceString }) }]
    }
  }
  source.helm = helm
}

function setKustomize(source: ApplicationSource, flags: SpecFlags): void {
  const { kustomizeImage, nameprefix, namesuffix, kustomizeReplica } = flags
  if (!kustomizeImage && nameprefix === undefined && namesuffix === undefined && !kustomizeReplica) return
  const kustomize: KustomizeSource = { ...source.kustomize }
  if (nameprefix !== undefined) kustomize.namePrefix = nameprefix
  if (namesuffix !== undefined) kustomize.nameSuffix = namesuffix
  for (const image of kustomizeImage ?? []) {
    const others = (kustomize.images ?? []).filter((other) => imageName(other) !== imageName(image))
    kustomize.images = [...others, image]
  }
  for (const { name, value } of (kustomizeReplica ?? []).map(pair)) {
    const others = (kustomize.replicas ?? []).filter((replica) => replica.name !== name)
    kustomize.replicas = [...others, { name, count: Number(value) }]
  }
  source.kustomize = kustomize
}

/** `name` of `[name=]image:tag` or `image@digest`. */
function imageName(image: string): string {
  const [left = '', right] = image.split('=')
  return right === undefined ? left.replace(/@.*$/, '').replace(/:[^:/]*$/, '') : left
}

function setDirectory(source: ApplicationSource, flags: SpecFlags): void {
  const { directoryRecurse, directoryInclude, directoryExclude, jsonnetExtVarStr, jsonnetTlaStr } = flags
  if (directoryRecurse === undefined && !directoryInclude && !directoryExclude && !jsonnetExtVarStr && !jsonnetTlaStr)
    return
  const directory = { ...source.directory }
  if (directoryRecurse !== undefined) directory.recurse = directoryRecurse
  if (directoryInclude) directory.include = directoryInclude
  if (directoryExclude) directory.exclude = directoryExclude
  if (jsonnetExtVarStr) directory.jsonnet = { ...directory.jsonnet, extVars: jsonnetExtVarStr.map(pair) }
  if (jsonnetTlaStr) directory.jsonnet = { ...directory.jsonnet, tlas: jsonnetTlaStr.map(pair) }
  source.directory = directory
}

function pair(text: string): { name: string; value: string } {
  const equals = text.indexOf('=')
  if (equals < 1) throw new CommandError(`${text} is not of the form name=value`, { code: exitCode.usage })
  return { name: text.slice(0, equals), value: text.slice(equals + 1) }
}
