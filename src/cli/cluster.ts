/** `tiphys cluster …`: the clusters that Tiphys knows. */
import { Command, Option } from 'commander'
import { type AnswerOf, routes } from '../contract/index.ts'
import { addCommand } from './cluster-add.ts'
import { CommandError, exitCode } from './exit-code.ts'
import { type Listing, printListing } from './output.ts'
import { type ApiFlags, apiCommand, type OutputFlags, outputOption, print, say, withApi } from './server/command.ts'
import { collect, pairs } from './words.ts'

type Cluster = AnswerOf<typeof routes.clusters.get>

export function clusterCommand(): Command {
  const cluster = new Command('cluster')
  for (const child of [list(), get(), set(), remove(), rotateAuth(), addCommand()]) cluster.addCommand(child)
  return cluster
}

/** An address or a name. */
function place(id: string) {
  return { params: { id }, query: { 'id.type': id.includes('://') ? 'server' : 'name' } }
}

function listing(rows: Cluster[]): Listing<Cluster> {
  return {
    rows,
    document: rows,
    name: ({ server = '' }) => server,
    columns: [
      {
        title: 'SERVER',
        cell: ({ server = '', namespaces }) =>
          server + (namespaces?.length ? ` (${namespaces.length} namespaces)` : ''),
      },
      { title: 'NAME', cell: ({ name = '' }) => name },
      { title: 'VERSION', cell: ({ info, serverVersion }) => info?.serverVersion ?? serverVersion ?? '' },
      {
        title: 'STATUS',
        cell: ({ info, connectionState }) => (info?.connectionState ?? connectionState)?.status ?? '',
      },
      {
        title: 'MESSAGE',
        cell: ({ info, connectionState }) => (info?.connectionState ?? connectionState)?.message ?? '',
      },
      { title: 'PROJECT', cell: ({ project = '' }) => project },
      { title: 'APPLICATIONS', cell: ({ info }) => String(info?.applicationsCount ?? ''), wide: true },
      { title: 'OBJECTS', cell: ({ info }) => String(info?.cacheInfo?.resourcesCount ?? ''), wide: true },
    ],
  }
}

function list(): Command {
  return apiCommand('list', 'list clusters')
    .alias('ls')
    .addOption(outputOption())
    .action(async (flags: OutputFlags) => {
      const { items } = await withApi(flags, (api) => api.call(routes.clusters.list, {}))
      print(printListing(listing(items), flags.output))
    })
}

function get(): Command {
  return apiCommand('get', 'show a cluster')
    .argument('<server or name>')
    .addOption(outputOption('yaml'))
    .action(async (id: string, flags: OutputFlags) => {
      const found = await withApi(flags, (api) => api.call(routes.clusters.get, place(id)))
      print(printListing({ ...listing([found]), document: found }, flags.output))
    })
}

interface SetFlags extends ApiFlags {
  name?: string
  namespace?: string[]
  label?: string[]
  annotation?: string[]
}

function set(): Command {
  return apiCommand('set', 'change what is known of a cluster')
    .argument('<server or name>')
    .option('--name <name>', 'another name')
    .option('--namespace <namespace>', 'only these namespaces; "*" means all of them', collect)
    .option('--label <key=value>', 'labels in the place of those there', collect)
    .option('--annotation <key=value>', 'annotations in the place of those there', collect)
    .action(async (id: string, flags: SetFlags) => {
      const changes = {
        ...(flags.name !== undefined && { name: flags.name }),
        ...(flags.namespace && { namespaces: flags.namespace.includes('*') ? [] : flags.namespace }),
        ...(flags.label && { labels: pairs(flags.label) }),
        ...(flags.annotation && { annotations: pairs(flags.annotation) }),
      }
      const updatedFields = Object.keys(changes)
      if (updatedFields.length === 0) {
        throw new CommandError('say what is to be changed: --help lists it', { code: exitCode.usage })
      }
      const { params, query } = place(id)
      await withApi(flags, (api) =>
        api.call(routes.clusters.update, { params, query: { ...query, updatedFields }, body: changes }),
      )
      say(`cluster ${id} changed`)
    })
}

function remove(): Command {
  return apiCommand('rm', 'forget clusters; what runs there stays')
    .argument('<servers or names...>')
    .addOption(new Option('-y, --yes', 'taken, and not needed: nothing is asked').hideHelp())
    .action(async (ids: string[], flags: ApiFlags) => {
      await withApi(flags, async (api) => {
        for (const id of ids) {
          await api.call(routes.clusters.delete, place(id))
          say(`cluster ${id} removed`)
        }
      })
    })
}

function rotateAuth(): Command {
  return apiCommand('rotate-auth', 'exchange the token that a cluster is reached with')
    .argument('<server or name>')
    .action(async (id: string, flags: ApiFlags) => {
      await withApi(flags, (api) => api.call(routes.clusters.rotateAuth, place(id)))
      say(`cluster ${id} has another token`)
    })
}
