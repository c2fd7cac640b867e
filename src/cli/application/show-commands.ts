/** `app list` and `app get`. */
import type { Command } from 'commander'
import { type Application, sourcesOf } from '../../model/index.ts'
import { type OutputFormat, printJson, printListing, printYaml } from '../output.ts'
import { collect } from '../words.ts'
import { type AppFlags, command, outputOption, print, tell, withApplications } from './command.ts'
import { describeApplication, listingOf } from './describe.ts'

interface ListFlags extends AppFlags {
  output: OutputFormat
  project?: string[]
  selector?: string
  repo?: string
  path?: string
  cluster?: string
}

export function listCommand(): Command {
  return command('list', 'list applications')
    .alias('ls')
    .option('-p, --project <name>', 'only those of this project', collect)
    .option('-l, --selector <selector>', 'only those with these labels')
    .option('-r, --repo <url>', 'only those from this repository')
    .option('-P, --path <path>', 'only those from this folder')
    .option('-c, --cluster <name or address>', 'only those on this cluster')
    .addOption(outputOption())
    .action(async (flags: ListFlags) => {
      await withApplications(flags, async (applications) => {
        const { selector, project } = flags
        const found = await applications.list({ ...(selector && { selector }), ...(project && { projects: project }) })
        const wanted = found.filter((application) => isListed(application, flags))
        if (wanted.length === 0 && flags.output === 'table') tell(`no applications ${applications.where}`)
        else print(printListing(listingOf(wanted), flags.output))
      })
    })
}

function isListed({ spec }: Application, { repo, path, cluster }: ListFlags): boolean {
  const sources = sourcesOf(spec)
  const { name, server } = spec.destination
  return (
    (repo === undefined || sources.some(({ repoURL }) => repoURL === repo)) &&
    (path === undefined || sources.some((source) => source.path === path)) &&
    (cluster === undefined || cluster === name || cluster === server)
  )
}

export function getCommand(): Command {
  return command('get', 'show one application and its resources')
    .argument('<name>')
    .option('--refresh', 'look at Git and the cluster first')
    .option('--hard-refresh', 'the same, with nothing taken from a cache')
    .addOption(outputOption())
    .action(
      async (name: string, flags: AppFlags & { output: OutputFormat; refresh?: boolean; hardRefresh?: boolean }) => {
        const application = await withApplications(flags, (applications) => {
          if (!flags.refresh && !flags.hardRefresh) return applications.get(name)
          return applications.refresh(name, flags.hardRefresh ? 'hard' : 'normal')
        })
        print(applicationText(application, flags.output))
      },
    )
}

export function applicationText(application: Application, output: OutputFormat): string {
  if (output === 'json') return printJson(application)
  if (output === 'yaml') return printYaml(application)
  return output === 'name' ? `${application.metadata.name}\n` : describeApplication(application)
}
