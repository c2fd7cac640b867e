/** `tiphys version`: of the command line, and of the server. */
import { Command, Option } from 'commander'
import { printJson, printYaml } from './output.ts'
import { addServerFlags, type ServerFlags } from './server/flags.ts'
import { readLogins } from './server/login-file.ts'
import { serverOf } from './server/place.ts'

interface VersionFlags extends ServerFlags {
  client?: boolean
  short?: boolean
  output: string
}

export function versionCommand(own: string): Command {
  return addServerFlags(new Command('version'))
    .option('--client', 'ask no server')
    .option('--short', 'only the numbers')
    .addOption(new Option('-o, --output <format>', 'how').choices(['json', 'yaml', 'wide', 'short']).default('wide'))
    .action(async (flags: VersionFlags) => {
      const server = flags.client ? undefined : await serverVersion(flags)
      const document = { client: { Version: own }, ...(server && { server }) }
      process.stdout.write(versionText(document, flags))
    })
}

type Document = { client: { Version: string }; server?: Record<string, unknown> }

function versionText(document: Document, { short, output }: VersionFlags): string {
  const { client, server } = document
  const brief = { client: client.Version, ...(server && { server: server.Version }) }
  if (output === 'json') return printJson(short ? brief : document)
  if (output === 'yaml') return printYaml(short ? brief : document)
  const details = Object.entries(server ?? {}).filter(([name, value]) => name !== 'Version' && value)
  const more = short || output === 'short' ? [] : details.map(([name, value]) => `  ${name}: ${value}\n`)
  return `tiphys: ${client.Version}\n${server ? `server: ${server.Version}\n` : ''}${more.join('')}`
}

/** undefined where no server is named and no login is in use. */
async function serverVersion(flags: ServerFlags): Promise<Record<string, unknown> | undefined> {
  const { logins } = await readLogins(flags.config)
  const place = serverOf(flags, { env: process.env, logins })
  if (place?.kind !== 'server') return undefined
  const [{ atServer }, { routes }] = await Promise.all([
    import('./server/with-server.ts'),
    import('../contract/index.ts'),
  ])
  return atServer(place, flags, (api) => api.call(routes.version.get, {}))
}
