/** The flags of `proj create` and `proj set`, and what each makes of the spec. Names as in argocd. */
import { type Command, Option } from 'commander'
import type { AppProjectSpec, GroupKind } from '../../model/index.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import { collect, collectList } from '../words.ts'

interface SpecFlag {
  option: Option
  apply(spec: AppProjectSpec, value: never): AppProjectSpec
}

function list(flags: string, description: string, apply: (values: string[]) => Partial<AppProjectSpec>): SpecFlag {
  return {
    option: new Option(flags, description).argParser(collect),
    apply: (spec, values: string[]) => ({ ...spec, ...apply(values) }),
  }
}

const kinds = (field: keyof AppProjectSpec, parts: number) => (values: string[]) => ({
  [field]: values.map((text) => kindOf(text, parts)),
})

const specFlags = (): SpecFlag[] => [
  {
    option: new Option('--description <text>', 'what it is for'),
    apply: (spec, description: string) => ({ ...spec, description }),
  },
  list('-d, --dest <server,namespace>', 'permitted destination', (values) => ({
    destinations: values.map((text) => {
      const [server = '', namespace = ''] = fieldsOf(text, 2)
      return { server, namespace }
    }),
  })),
  list('-s, --src <url>', 'permitted repository', (sourceRepos) => ({ sourceRepos })),
  list(
    '--allow-cluster-resource <[group/]kind[/name]>',
    'permitted kind of the whole cluster',
    kinds('clusterResourceWhitelist', 3),
  ),
  list(
    '--deny-cluster-resource <[group/]kind[/name]>',
    'forbidden kind of the whole cluster',
    kinds('clusterResourceBlacklist', 3),
  ),
  list('--allow-namespaced-resource <[group/]kind>', 'permitted kind', kinds('namespaceResourceWhitelist', 2)),
  list('--deny-namespaced-resource <[group/]kind>', 'forbidden kind', kinds('namespaceResourceBlacklist', 2)),
  list('--dest-service-accounts <server,namespace,account>', 'account that syncs act as', (values) => ({
    destinationServiceAccounts: values.map((text) => {
      const [server = '', namespace = '', defaultServiceAccount = ''] = fieldsOf(text, 3)
      return { server, namespace, defaultServiceAccount }
    }),
  })),
  {
    option: new Option('--signature-keys <keys>', 'GnuPG keys that commits have to be signed by').argParser(
      collectList,
    ),
    apply: (spec, keys: string[]) => ({ ...spec, signatureKeys: keys.map((keyID) => ({ keyID })) }),
  },
  {
    option: new Option('--source-namespaces <namespaces>', 'where its applications may be').argParser(collectList),
    apply: (spec, sourceNamespaces: string[]) => ({ ...spec, sourceNamespaces }),
  },
  {
    option: new Option('--orphaned-resources', 'look for objects that belong to no application'),
    apply: (spec) => ({ ...spec, orphanedResources: spec.orphanedResources ?? {} }),
  },
  {
    option: new Option('--orphaned-resources-warn [true]', 'and warn of them').argParser((text) => text !== 'false'),
    apply: (spec, warn: boolean) => ({ ...spec, orphanedResources: { ...spec.orphanedResources, warn } }),
  },
]

function fieldsOf(text: string, count: number): string[] {
  const fields = text.split(',').map((field) => field.trim())
  if (fields.length === count) return fields
  throw new CommandError(`${text} has not ${count} parts with commas between them`, { code: exitCode.usage })
}

/** `Kind`, `group/Kind` or `group/Kind/name`. */
export function kindOf(text: string, most: number): GroupKind {
  const [first = '', ...rest] = text.split('/')
  if (rest.length >= most) throw new CommandError(`${text} has too many slashes`, { code: exitCode.usage })
  const [kind, name] = rest
  return kind === undefined ? { group: '', kind: first } : { group: first, kind, ...(name && { name }) }
}

export function addProjectFlags(command: Command): Command {
  for (const { option } of specFlags()) command.addOption(option)
  return command
}

/** The same spec where no flag is given. */
export function withProjectFlags(spec: AppProjectSpec, flags: Record<string, unknown>): AppProjectSpec {
  return specFlags()
    .filter(({ option }) => flags[option.attributeName()] !== undefined)
    .reduce((before, { option, apply }) => apply(before, flags[option.attributeName()] as never), spec)
}
