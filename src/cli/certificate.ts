/** `tiphys cert …`: SSH host keys and TLS certificates that repositories prove themselves with. */
import { Command, Option } from 'commander'
import { type AnswerOf, routes } from '../contract/index.ts'
import { CommandError } from './exit-code.ts'
import { readText } from './objects.ts'
import { type Listing, printListing } from './output.ts'
import { type ApiFlags, apiCommand, type OutputFlags, outputOption, print, say, withApi } from './server/command.ts'

type Certificate = AnswerOf<typeof routes.certificates.list>['items'][number]

export function certificateCommand(): Command {
  const cert = new Command('cert')
  for (const child of [addTls(), addSsh(), list(), remove()]) cert.addCommand(child)
  return cert
}

interface AddFlags extends ApiFlags {
  from: string
  upsert?: boolean
}

function addFlags(command: Command): Command {
  return command
    .option('--from <file>', 'standard input without it', '-')
    .option('--upsert', 'in the place of another one that is there')
}

function addTls(): Command {
  return addFlags(apiCommand('add-tls', 'trust certificates (PEM) of a server of repositories'))
    .argument('<server>')
    .action(async (serverName: string, flags: AddFlags) => {
      const text = await readText(flags.from)
      const pems = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
      if (pems.length === 0) throw new CommandError(`${flags.from} holds no certificate in PEM`)
      const certData = Buffer.from(pems.join('\n')).toString('base64')
      await create([{ serverName, certType: 'https', certData }], flags)
      say(`${pems.length} certificates of ${serverName} added`)
    })
}

function addSsh(): Command {
  return addFlags(apiCommand('add-ssh', 'trust host keys, in the form of known_hosts'))
    .addOption(new Option('--batch', 'taken, and not needed').hideHelp())
    .action(async (flags: AddFlags) => {
      const entries = (await readText(flags.from)).split('\n').flatMap(hostKey)
      if (entries.length === 0) throw new CommandError(`${flags.from} holds no host key: lines are HOST TYPE KEY`)
      await create(entries, flags)
      say(`${entries.length} host keys added`)
    })
}

function hostKey(line: string): Certificate[] {
  const [serverName, certSubType, key] = line.trim().split(/\s+/)
  if (!serverName || serverName.startsWith('#') || !certSubType || !key) return []
  return [{ serverName, certType: 'ssh', certSubType, certData: Buffer.from(key).toString('base64') }]
}

async function create(items: Certificate[], flags: AddFlags): Promise<void> {
  const query = flags.upsert ? { upsert: true } : {}
  await withApi(flags, (api) => api.call(routes.certificates.create, { body: { items }, query }))
}

function listing(rows: Certificate[]): Listing<Certificate> {
  return {
    rows,
    document: rows,
    name: ({ serverName = '' }) => serverName,
    columns: [
      { title: 'HOST', cell: ({ serverName = '' }) => serverName },
      { title: 'TYPE', cell: ({ certType = '' }) => certType },
      { title: 'SUBTYPE', cell: ({ certSubType = '' }) => certSubType },
      { title: 'FINGERPRINT OR SUBJECT', cell: ({ certInfo = '' }) => certInfo },
    ],
  }
}

const typeOption = () => new Option('--cert-type <type>', 'only these').choices(['ssh', 'https'])

interface ListFlags extends OutputFlags {
  certType?: string
  hostnamePattern?: string
  sort: 'hostname' | 'type'
}

function list(): Command {
  return apiCommand('list', 'list host keys and certificates')
    .alias('ls')
    .addOption(typeOption())
    .option('--hostname-pattern <glob>', 'only of these hosts')
    .addOption(new Option('--sort <field>', 'order').choices(['hostname', 'type']).default('hostname'))
    .addOption(outputOption())
    .action(async ({ certType, hostnamePattern, sort, output, ...flags }: ListFlags) => {
      const query = { ...(certType && { certType }), ...(hostnamePattern && { hostNamePattern: hostnamePattern }) }
      const { items } = await withApi(flags, (api) => api.call(routes.certificates.list, { query }))
      const key = ({ certType: type = '', serverName = '' }: Certificate) =>
        sort === 'type' ? `${type} ${serverName}` : `${serverName} ${type}`
      print(printListing(listing(items.sort((one, other) => key(one).localeCompare(key(other)))), output))
    })
}

function remove(): Command {
  return apiCommand('rm', 'trust host keys and certificates of a host no more')
    .argument('<host>')
    .addOption(typeOption())
    .option('--cert-sub-type <type>', 'only keys of this type, such as ssh-ed25519')
    .action(async (host: string, flags: ApiFlags & { certType?: string; certSubType?: string }) => {
      const { certType, certSubType } = flags
      const query = { hostNamePattern: host, ...(certType && { certType }), ...(certSubType && { certSubType }) }
      const { items } = await withApi(flags, (api) => api.call(routes.certificates.delete, { query }))
      if (items.length === 0) throw new CommandError(`there is nothing of ${host} to remove`)
      for (const item of items) say(`${item.certType} ${item.certSubType} of ${item.serverName} removed`)
    })
}
