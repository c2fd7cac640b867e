/** `app versions`: which version runs, which the targetRevision allows, and which there are. */
import type { Command } from 'commander'
import { type AnswerOf, routes } from '../../contract/index.ts'
import { type Listing, printListing } from '../output.ts'
import { apiCommand, type OutputFlags, outputOption, print, withApi } from '../server/command.ts'

type Versions = AnswerOf<typeof routes.applicationSources.versions>['items'][number]

interface VersionsFlags extends OutputFlags {
  appNamespace?: string
  refresh?: boolean
}

export function versionsCommand(): Command {
  return apiCommand('versions', 'show which versions of its sources an application runs, may run, and could')
    .argument('<name>')
    .option('-N, --app-namespace <namespace>', 'namespace of the application, where it is not that of Tiphys')
    .option('--refresh', 'ask the repositories first')
    .addOption(outputOption())
    .action(async (name: string, flags: VersionsFlags) => {
      const { appNamespace, refresh } = flags
      const query = { ...(appNamespace && { appNamespace }), ...(refresh && { refresh }) }
      const { items } = await withApi(flags, (api) =>
        api.call(routes.applicationSources.versions, { params: { name }, query }),
      )
      print(printListing(versionsListing(items), flags.output))
    })
}

export function versionsListing(rows: Versions[]): Listing<Versions> {
  return {
    rows,
    document: rows,
    name: ({ repoURL, chart }) => (chart === undefined ? repoURL : `${repoURL}/${chart}`),
    columns: [
      { title: 'SOURCE', cell: ({ repoURL, chart }) => (chart === undefined ? repoURL : `${repoURL} ${chart}`) },
      { title: 'TARGET', cell: ({ targetRevision }) => targetRevision || 'newest' },
      { title: 'RUNNING', cell: ({ running, revision = '' }) => running ?? revision.slice(0, 12) },
      { title: 'ALLOWED', cell: ({ allowed = '' }) => allowed },
      { title: 'NEWEST', cell: ({ newest = '' }) => newest },
      { title: 'HELD BACK', cell: ({ heldBack }) => shortened(heldBack) },
      { title: 'PROPOSAL', cell: ({ proposal = '' }) => proposal },
      { title: 'MESSAGE', cell: ({ message = '' }) => message },
    ],
  }
}

function shortened(versions: string[]): string {
  const shown = versions.slice(0, 3).join(', ')
  return versions.length > 3 ? `${shown} and ${versions.length - 3} more` : shown
}
