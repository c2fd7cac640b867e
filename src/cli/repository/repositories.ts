/** `tiphys repo …`: repositories, and what they are read with. */
import { Command, Option } from 'commander'
import { type AnswerOf, routes } from '../../contract/index.ts'
import type { Listing } from '../output.ts'
import { printListing } from '../output.ts'
import { type ApiFlags, apiCommand, type OutputFlags, outputOption, print, say, withApi } from '../server/command.ts'
import { addRepositoryFlags, connectionOf, withPassword } from './flags.ts'

type Repository = AnswerOf<typeof routes.repositories.get>

export function repositoryCommand(): Command {
  const repo = new Command('repo')
  for (const child of [add(), list(), get(), remove()]) repo.addCommand(child)
  return repo
}

function add(): Command {
  return addRepositoryFlags(apiCommand('add', 'make a repository known, after it has been tried'))
    .argument('<url>')
    .option('--upsert', 'change it when it is known already')
    .action(async (repo: string, flags: ApiFlags & Record<string, unknown>) => {
      const body = { ...(await withPassword(connectionOf(flags))), repo }
      const query = flags.upsert ? { upsert: true } : {}
      await withApi(flags, (api) => api.call(routes.repositories.create, { body, query }))
      say(`repository ${repo} added`)
    })
}

function listing(rows: Repository[]): Listing<Repository> {
  return {
    rows,
    document: rows,
    name: ({ repo = '' }) => repo,
    columns: [
      { title: 'TYPE', cell: ({ type }) => type || 'git' },
      { title: 'NAME', cell: ({ name = '' }) => name },
      { title: 'REPOSITORY', cell: ({ repo = '' }) => repo },
      { title: 'STATUS', cell: ({ connectionState }) => connectionState?.status ?? '' },
      { title: 'MESSAGE', cell: ({ connectionState }) => connectionState?.message.split('\n')[0] ?? '' },
      {
        title: 'CREDENTIALS',
        cell: ({ username, inheritedCreds }) => (inheritedCreds ? 'inherited' : username ? 'own' : ''),
        wide: true,
      },
      { title: 'PROJECT', cell: ({ project = '' }) => project },
      { title: 'INSECURE', cell: ({ insecure }) => (insecure ? 'yes' : ''), wide: true },
      { title: 'OCI', cell: ({ enableOCI }) => (enableOCI ? 'yes' : ''), wide: true },
      { title: 'LFS', cell: ({ enableLfs }) => (enableLfs ? 'yes' : ''), wide: true },
    ],
  }
}

interface ShowFlags extends OutputFlags {
  refresh?: 'hard'
  project?: string
}

const refreshOption = () => new Option('--refresh <kind>', 'try now whether it can be reached').choices(['hard'])

const whichOf = ({ refresh, project }: ShowFlags) => ({
  ...(refresh && { forceRefresh: true }),
  ...(project && { appProject: project }),
})

function list(): Command {
  return apiCommand('list', 'list repositories, and whether they can be reached')
    .alias('ls')
    .addOption(refreshOption())
    .addOption(outputOption())
    .action(async (flags: ShowFlags) => {
      const { items } = await withApi(flags, (api) => api.call(routes.repositories.list, { query: whichOf(flags) }))
      print(printListing(listing(items), flags.output))
    })
}

function get(): Command {
  return apiCommand('get', 'show a repository')
    .argument('<url>')
    .option('--project <name>', 'that of this project')
    .addOption(refreshOption())
    .addOption(outputOption())
    .action(async (repo: string, flags: ShowFlags) => {
      const input = { params: { repo }, query: whichOf(flags) }
      const found = await withApi(flags, (api) => api.call(routes.repositories.get, input))
      print(printListing({ ...listing([found]), document: found }, flags.output))
    })
}

function remove(): Command {
  return apiCommand('rm', 'forget repositories and their credentials')
    .argument('<urls...>')
    .option('--project <name>', 'those of this project')
    .action(async (urls: string[], flags: ApiFlags & { project?: string }) => {
      const query = flags.project ? { appProject: flags.project } : {}
      await withApi(flags, async (api) => {
        for (const repo of urls) {
          await api.call(routes.repositories.delete, { params: { repo }, query })
          say(`repository ${repo} removed`)
        }
      })
    })
}
