/** `app images`: which images applications run, and which their rules for updates would have them run. */
import type { Command } from 'commander'
import { type AnswerOf, routes } from '../../contract/index.ts'
import { type Listing, printListing } from '../output.ts'
import { apiCommand, type OutputFlags, outputOption, print, withApi } from '../server/command.ts'
import { namePartsOf } from './applications.ts'
import { tell } from './command.ts'

type Images = AnswerOf<typeof routes.applicationSources.images>
type Row = Images['items'][number] & { application: string }

interface ImagesFlags extends OutputFlags {
  appNamespace?: string
  updates?: boolean
}

export function imagesCommand(): Command {
  return apiCommand('images', 'show which images applications run')
    .argument('<name...>')
    .option('-N, --app-namespace <namespace>', 'namespace of the applications, where it is not that of Tiphys')
    .option('--updates', 'ask the registries what the rules for image updates would choose; nothing is written')
    .addOption(outputOption())
    .action(async (names: string[], flags: ImagesFlags) => {
      const found = await withApi(flags, (api) =>
        Promise.all(
          names.map(async (text) => {
            const { name, namespace = flags.appNamespace } = namePartsOf(text)
            const query = { ...(namespace && { appNamespace: namespace }), ...(flags.updates && { updates: true }) }
            const { items, problems } = await api.call(routes.applicationSources.images, { params: { name }, query })
            return { rows: items.map((item) => ({ application: text, ...item })), problems, text }
          }),
        ),
      )
      const rows = found.flatMap((one) => one.rows)
      print(printListing(imagesListing(rows, flags), flags.output))
      for (const { text, problems } of found) for (const problem of problems) tell(`${text}: ${problem}`)
    })
}

export function imagesListing(rows: Row[], { updates = false }: Pick<ImagesFlags, 'updates'>): Listing<Row> {
  const ofRules: Listing<Row>['columns'] = [
    { title: 'RULE', cell: ({ strategy = '', constraint = '' }) => [strategy, constraint].filter(Boolean).join(' ') },
    { title: 'NEWEST', cell: ({ newest = '' }) => newest },
    { title: 'STATE', cell: ({ state = '' }) => state },
    { title: 'MESSAGE', cell: ({ message = '' }) => message },
  ]
  return {
    rows,
    document: rows,
    name: ({ image, running: [version = ''] }) => (/^@|^$/.test(version) ? image + version : `${image}:${version}`),
    columns: [
      { title: 'APPLICATION', cell: ({ application }) => application },
      { title: 'IMAGE', cell: ({ image }) => image },
      { title: 'RUNNING', cell: ({ running }) => running.join(', ') },
      ...(updates ? ofRules : []),
    ],
  }
}
