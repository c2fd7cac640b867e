/** `tiphys gpg …`: the keys that commits may be signed with. */
import { Command } from 'commander'
import { type AnswerOf, routes } from '../contract/index.ts'
import { readText } from './objects.ts'
import { type Listing, printListing } from './output.ts'
import { type ApiFlags, apiCommand, type OutputFlags, outputOption, print, say, withApi } from './server/command.ts'

type Key = AnswerOf<typeof routes.gpgKeys.get>

export function gpgKeyCommand(): Command {
  const gpg = new Command('gpg')
  for (const child of [add(), list(), get(), remove()]) gpg.addCommand(child)
  return gpg
}

function add(): Command {
  return apiCommand('add', 'make public keys known, from an ASCII-armoured text')
    .option('-f, --from <file>', 'standard input without it', '-')
    .option('--upsert', 'in the place of those that are there')
    .action(async (flags: ApiFlags & { from: string; upsert?: boolean }) => {
      const body = { keyData: await readText(flags.from) }
      const query = flags.upsert ? { upsert: true } : {}
      const { created, skipped = [] } = await withApi(flags, (api) => api.call(routes.gpgKeys.create, { body, query }))
      for (const { keyID = '', owner = '' } of created?.items ?? []) say(`key ${keyID} of ${owner} added`)
      for (const id of skipped ?? []) say(`key ${id} is there already`)
    })
}

function listing(rows: Key[]): Listing<Key> {
  return {
    rows,
    document: rows,
    name: ({ keyID = '' }) => keyID,
    columns: [
      { title: 'KEY', cell: ({ keyID = '' }) => keyID },
      { title: 'TYPE', cell: ({ subType = '' }) => subType.toUpperCase() },
      { title: 'OWNER', cell: ({ owner = '' }) => owner },
      { title: 'FINGERPRINT', cell: ({ fingerprint = '' }) => fingerprint, wide: true },
    ],
  }
}

function list(): Command {
  return apiCommand('list', 'list the keys')
    .alias('ls')
    .addOption(outputOption())
    .action(async (flags: OutputFlags) => {
      const { items } = await withApi(flags, (api) => api.call(routes.gpgKeys.list, {}))
      print(printListing(listing(items), flags.output))
    })
}

function get(): Command {
  return apiCommand('get', 'show a key')
    .argument('<id>')
    .addOption(outputOption('yaml'))
    .action(async (keyID: string, flags: OutputFlags) => {
      const key = await withApi(flags, (api) => api.call(routes.gpgKeys.get, { params: { keyID } }))
      print(printListing({ ...listing([key]), document: key }, flags.output))
    })
}

function remove(): Command {
  return apiCommand('rm', 'commits signed with a key count no more')
    .argument('<id>')
    .action(async (keyID: string, flags: ApiFlags) => {
      await withApi(flags, (api) => api.call(routes.gpgKeys.delete, { query: { keyID } }))
      say(`key ${keyID} removed`)
    })
}
