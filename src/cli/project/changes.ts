/** `tiphys proj add-…|remove-…|allow-…|deny-…`: sources, destinations, kinds and what else a project lists. */
import { type Command, Option } from 'commander'
import type { AppProjectSpec, GroupKind } from '../../model/index.ts'
import type { SpecChange } from './change.ts'
import { added, removed } from './lists.ts'

type TextList = 'sourceRepos' | 'sourceNamespaces'

function textChanges(field: TextList, word: string, [arg, what]: [arg: string, what: string]): SpecChange[] {
  return [
    {
      name: `add-${word}`,
      description: `permit ${what}`,
      args: [arg],
      apply: (spec, { args: [text = ''] }) =>
        spec[field]?.includes(text) ? spec : { ...spec, [field]: [...(spec[field] ?? []), text] },
    },
    {
      name: `remove-${word}`,
      description: `permit ${what} no more`,
      args: [arg],
      apply: (spec, { args: [text = ''] }) =>
        spec[field]?.includes(text) ? { ...spec, [field]: spec[field]?.filter((one) => one !== text) } : spec,
    },
  ]
}

const destinations: SpecChange[] = [
  {
    name: 'add-destination',
    description: 'permit a namespace of a cluster',
    args: ['<server>', '<namespace>'],
    flags: (command) => command.option('--name', 'the cluster is given by its name'),
    apply: (spec, { args: [cluster = '', namespace = ''], flags }) => {
      const destination = { ...(flags.name ? { name: cluster } : { server: cluster }), namespace }
      return { ...spec, destinations: added(spec.destinations, destination, `${cluster} ${namespace}`) }
    },
  },
  {
    name: 'remove-destination',
    description: 'permit a namespace of a cluster no more',
    args: ['<server>', '<namespace>'],
    apply: (spec, { args: [cluster = '', namespace = ''] }) => ({
      ...spec,
      destinations: removed(
        spec.destinations,
        (one) => (one.server === cluster || one.name === cluster) && one.namespace === namespace,
        `destination ${cluster} ${namespace}`,
      ),
    }),
  },
]

const accountFields = ['<server>', '<namespace>', '<account>']

const serviceAccounts: SpecChange[] = [
  {
    name: 'add-destination-service-account',
    description: 'the account that syncs to a destination act as',
    args: accountFields,
    flags: (command) => command.option('--service-account-namespace <namespace>', 'of the account'),
    apply: (spec, { args: [server = '', namespace = '', account = ''], flags }) => {
      const home = flags.serviceAccountNamespace
      const defaultServiceAccount = home ? `${home}:${account}` : account
      const entry = { server, namespace, defaultServiceAccount }
      const list = added(spec.destinationServiceAccounts, entry, `that account for ${server} ${namespace}`)
      return { ...spec, destinationServiceAccounts: list }
    },
  },
  {
    name: 'remove-destination-service-account',
    description: 'take that back',
    args: accountFields,
    apply: (spec, { args: [server, namespace, account = ''] }) => ({
      ...spec,
      destinationServiceAccounts: removed(
        spec.destinationServiceAccounts,
        (one) =>
          one.server === server && one.namespace === namespace && nameIn(one.defaultServiceAccount) === nameIn(account),
        `account ${account} for ${server} ${namespace}`,
      ),
    }),
  },
]

/** Without the namespace, which may be left out. */
function nameIn(account = ''): string {
  return account.slice(account.indexOf(':') + 1)
}

const signatures: SpecChange[] = [
  {
    name: 'add-signature-key',
    description: 'commits have to be signed by this GnuPG key, or another of the list',
    args: ['<key>'],
    apply: (spec, { args: [keyID = ''] }) => ({
      ...spec,
      signatureKeys: added(spec.signatureKeys, { keyID }, `the key ${keyID}`),
    }),
  },
  {
    name: 'remove-signature-key',
    description: 'take that back',
    args: ['<key>'],
    apply: (spec, { args: [keyID = ''] }) => ({
      ...spec,
      signatureKeys: removed(spec.signatureKeys, (one) => one.keyID === keyID, `key ${keyID}`),
    }),
  },
]

const nameFlag = (command: Command) => command.option('--name <pattern>', 'of the objects')

const orphans: SpecChange[] = [
  {
    name: 'add-orphaned-ignore',
    description: 'such objects are not orphaned resources',
    args: ['<group>', '<kind>'],
    flags: nameFlag,
    apply: (spec, { args: [group = '', kind = ''], flags }) => {
      const entry = { group, kind, ...(flags.name && { name: flags.name }) }
      const ignore = added(spec.orphanedResources?.ignore, entry, `${group} ${kind}`)
      return { ...spec, orphanedResources: { ...spec.orphanedResources, ignore } }
    },
  },
  {
    name: 'remove-orphaned-ignore',
    description: 'take that back',
    args: ['<group>', '<kind>'],
    flags: nameFlag,
    apply: (spec, { args: [group, kind], flags }) => {
      const isMeant = (one: { group?: string; kind?: string; name?: string }) =>
        one.group === group && one.kind === kind && (one.name ?? '') === (flags.name ?? '')
      const ignore = removed(spec.orphanedResources?.ignore, isMeant, `exception ${group} ${kind}`)
      return { ...spec, orphanedResources: { ...spec.orphanedResources, ignore } }
    },
  },
]

type KindList = 'allow' | 'deny'
type Scope = 'cluster' | 'namespace'
type KindField = `${Scope}Resource${'Whitelist' | 'Blacklist'}`

/** As in argocd: cluster kinds are listed when they are allowed, namespaced ones when they are denied. */
const usualList: Record<Scope, KindList> = { cluster: 'allow', namespace: 'deny' }

function kindChange(verb: KindList, scope: Scope): SpecChange {
  return {
    name: `${verb}-${scope}-resource`,
    description: `${verb === 'allow' ? 'permit' : 'forbid'} a kind of ${scope === 'cluster' ? 'the whole cluster' : 'a namespace'}`,
    args: scope === 'cluster' && verb === 'allow' ? ['<group>', '<kind>', '[name]'] : ['<group>', '<kind>'],
    flags: (command) =>
      command.addOption(
        new Option('-l, --list <list>', 'the list that is changed')
          .choices(['allow', 'deny'])
          .default(usualList[scope]),
      ),
    apply: (spec, { args: [group = '', kind = '', name], flags }) =>
      withKind(spec, { group, kind, ...(name && { name }) }, { verb, scope, list: flags.list }),
  }
}

/**
 * What is allowed goes into the list of allowed kinds, or out of that of denied ones; and the other way round. The same spec
 * where that is so already.
 */
export function withKind(
  spec: AppProjectSpec,
  kind: GroupKind,
  { verb, scope, list }: { verb: KindList; scope: Scope; list: KindList },
): AppProjectSpec {
  const field: KindField = `${scope}Resource${list === 'allow' ? 'Whitelist' : 'Blacklist'}`
  const isSame = (one: GroupKind) =>
    one.group === kind.group && one.kind === kind.kind && (kind.name === undefined || one.name === kind.name)
  const isThere = spec[field]?.some(isSame) === true
  if (isThere === (verb === list)) return spec
  const others = (spec[field] ?? []).filter((one) => !isSame(one))
  return { ...spec, [field]: verb === list ? [...others, kind] : others }
}

export const projectChanges: SpecChange[] = [
  ...textChanges('sourceRepos', 'source', ['<url>', 'a repository']),
  ...textChanges('sourceNamespaces', 'source-namespace', ['<namespace>', 'applications in a namespace']),
  ...destinations,
  ...serviceAccounts,
  kindChange('allow', 'cluster'),
  kindChange('deny', 'cluster'),
  kindChange('allow', 'namespace'),
  kindChange('deny', 'namespace'),
  ...signatures,
  ...orphans,
]
