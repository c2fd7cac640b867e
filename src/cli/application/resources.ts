/** `tiphys app resources`: what an application consists of, as a list or as a tree. */
import { type Command, Option } from 'commander'
import type { ApiClient } from '../../contract/index.ts'
import type { ResourceNode } from '../../contract/resource-tree-kinds.ts'
import type { ResourceStatus } from '../../model/index.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import { type Listing, type OutputFormat, parseOutputFormat, printListing, printTable } from '../output.ts'
import { namePartsOf } from './applications.ts'
import { type AppFlags, command, print, withApplications } from './command.ts'

type Format = OutputFormat | 'tree' | 'tree=detailed'

interface ResourcesFlags extends AppFlags {
  orphaned?: boolean
  output: Format
}

export function resourcesCommand(): Command {
  return command('resources', 'what an application consists of')
    .argument('<name>')
    .option('--orphaned', 'only what is in its namespace and belongs to none')
    .addOption(new Option('--project <name>').hideHelp())
    .addOption(
      new Option('-o, --output <format>', 'tree, tree=detailed, json, yaml, wide or name')
        .default('table')
        .argParser(parseFormat),
    )
    .action(async (name: string, flags: ResourcesFlags) => {
      const { output } = flags
      if (!flags.orphaned && output !== 'tree' && output !== 'tree=detailed') {
        const { status } = await withApplications(flags, (applications) => applications.get(name))
        return print(printListing(statusListing(status?.resources ?? []), output))
      }
      const { nodes, orphanedNodes } = await treeOf(name, flags)
      const shown = flags.orphaned ? orphanedNodes : nodes
      if (output === 'tree' || output === 'tree=detailed') print(treeText(shown, output === 'tree=detailed'))
      else print(printListing(nodeListing(shown), output))
    })
}

function parseFormat(text: string): Format {
  return text === 'tree' || text === 'tree=detailed' ? text : parseOutputFormat(text)
}

/** Only a running Tiphys knows what owns what. */
async function treeOf(text: string, flags: ResourcesFlags) {
  const [{ withServer }, { routes }] = await Promise.all([
    import('../server/with-server.ts'),
    import('../../contract/index.ts'),
  ])
  if (flags.core || flags.kubeconfig || flags.context) {
    throw new CommandError(
      'trees and orphaned resources are told by the API: leave --core, --kubeconfig and --context out',
      {
        code: exitCode.usage,
      },
    )
  }
  const { name, namespace = flags.appNamespace } = namePartsOf(text)
  const query = namespace ? { appNamespace: namespace } : {}
  return withServer(flags, (api: ApiClient) =>
    api.call(routes.applicationResources.tree, { params: { applicationName: name }, query }),
  )
}

type Key = Pick<ResourceNode, 'group' | 'kind' | 'namespace' | 'name'>

const nameOf = ({ group, kind, namespace, name }: Key) => [group, kind, namespace, name].filter(Boolean).join('/')
const keyColumns = [
  { title: 'GROUP', cell: ({ group = '' }: Key) => group },
  { title: 'KIND', cell: ({ kind = '' }: Key) => kind },
  { title: 'NAMESPACE', cell: ({ namespace = '' }: Key) => namespace },
  { title: 'NAME', cell: ({ name = '' }: Key) => name },
]

function statusListing(rows: ResourceStatus[]): Listing<ResourceStatus> {
  return {
    rows,
    document: rows,
    name: nameOf,
    columns: [
      ...keyColumns,
      { title: 'STATUS', cell: ({ status = '' }) => status },
      { title: 'HEALTH', cell: ({ health }) => health?.status ?? '' },
      { title: 'MESSAGE', cell: ({ health }) => health?.message ?? '', wide: true },
    ],
  }
}

function nodeListing(rows: ResourceNode[]): Listing<ResourceNode> {
  return {
    rows,
    document: rows,
    name: nameOf,
    columns: [...keyColumns, { title: 'CREATED', cell: ({ createdAt = '' }) => createdAt }],
  }
}

/** What is owned stands below its owner; what has several owners, below the first. */
export function treeText(nodes: ResourceNode[], detailed: boolean): string {
  const known = new Set(nodes.map(({ uid }) => uid))
  const children = new Map<string | undefined, ResourceNode[]>()
  for (const node of nodes) {
    const owner = node.parentRefs?.find(({ uid }) => uid !== undefined && uid !== node.uid && known.has(uid))?.uid
    children.set(owner, [...(children.get(owner) ?? []), node])
  }
  const rows: string[][] = []
  const add = (node: ResourceNode, indent: string, branch: string) => {
    const details = detailed ? [node.health?.status ?? '', node.createdAt ?? '', node.health?.message ?? ''] : []
    rows.push([`${indent}${branch}${[node.kind, node.name].join('/')}`, node.namespace ?? '', ...details])
    const owned = children.get(node.uid) ?? []
    const below = indent + (branch === '' ? '' : branch === '└─' ? '  ' : '│ ')
    for (const [index, child] of owned.entries()) add(child, below, index === owned.length - 1 ? '└─' : '├─')
  }
  for (const node of children.get(undefined) ?? []) add(node, '', '')
  return printTable(['RESOURCE', 'NAMESPACE', ...(detailed ? ['HEALTH', 'CREATED', 'REASON'] : [])], rows)
}
