/** `tiphys repocreds …`: credentials for all repositories whose address begins like theirs. */
import { Command } from 'commander'
import { type AnswerOf, routes } from '../../contract/index.ts'
import { printListing } from '../output.ts'
import { type ApiFlags, apiCommand, type OutputFlags, outputOption, print, say, withApi } from '../server/command.ts'
import { addCredentialFlags, connectionOf, withPassword } from './flags.ts'

type Credentials = AnswerOf<typeof routes.repositoryCredentials.create>

export function credentialsCommand(): Command {
  const credentials = new Command('repocreds')
  for (const child of [add(), list(), remove()]) credentials.addCommand(child)
  return credentials
}

function add(): Command {
  return addCredentialFlags(apiCommand('add', 'add credentials for all repositories below an address'))
    .argument('<url>')
    .option('--upsert', 'change those that are there already')
    .action(async (url: string, flags: ApiFlags & Record<string, unknown>) => {
      const body = { ...(await withPassword(connectionOf(flags))), url }
      const query = flags.upsert ? { upsert: true } : {}
      await withApi(flags, (api) => api.call(routes.repositoryCredentials.create, { body, query }))
      say(`credentials for ${url} added`)
    })
}

function list(): Command {
  return apiCommand('list', 'list the addresses that there are credentials for')
    .alias('ls')
    .addOption(outputOption())
    .action(async (flags: OutputFlags) => {
      const { items } = await withApi(flags, (api) => api.call(routes.repositoryCredentials.list, {}))
      print(
        printListing(
          {
            rows: items,
            document: items,
            name: ({ url = '' }: Credentials) => url,
            columns: [
              { title: 'URL', cell: ({ url = '' }) => url },
              { title: 'TYPE', cell: ({ type }) => type || 'git' },
              { title: 'NAME', cell: ({ username = '' }) => username },
            ],
          },
          flags.output,
        ),
      )
    })
}

function remove(): Command {
  return apiCommand('rm', 'forget credentials')
    .argument('<urls...>')
    .action(async (urls: string[], flags: ApiFlags) => {
      await withApi(flags, async (api) => {
        for (const url of urls) {
          await api.call(routes.repositoryCredentials.delete, { params: { url } })
          say(`credentials for ${url} removed`)
        }
      })
    })
}
