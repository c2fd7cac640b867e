/** `app images`: which images applications run, by which rules they are updated, and what these would have them run. */
import type { Command } from 'commander'
import { type AnswerOf, routes } from '../../contract/index.ts'
import { type Listing, printListing } from '../output.ts'
import { apiCommand, type OutputFlags, outputOption, print, withApi } from '../server/command.ts'
import { namePartsOf } from './applications.ts'
import { tell } from './command.ts'

type Images = AnswerOf<typeof routes.applicationSources.images>
type Row = Images['items'][number] & Pick<Images, 'rules'> & { application: string }

interface ImagesFlags extends OutputFlags {
  appNamespace?: string
  updates?: boolean
}

export function imagesCommand(): Command {
  return apiCommand('images', 'show which images applications run, and by which rules they are updated')
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
            return { text, images: await api.call(routes.applicationSources.images, { params: { name }, query }) }
          }),
        ),
      )
      const rows = found.flatMap(({ text, images: { items, rules } }) =>
        items.map((item) => ({ application: text, ...item, ...(item.alias !== undefined && rules && { rules }) })),
      )
      print(printListing(imagesListing(rows, flags), flags.output))
      for (const { text, images } of found) for (const remark of remarksOn(images, flags)) tell(`${text}: ${remark}`)
    })
}

export function imagesListing(rows: Row[], { updates = false }: Pick<ImagesFlags, 'updates'>): Listing<Row> {
  const found: Listing<Row>['columns'] = [
    { title: 'NEWEST', cell: ({ newest = '' }) => newest },
    { title: 'STATE', cell: ({ state = '' }) => state },
    { title: 'HELD BACK', cell: ({ heldBack = [] }) => shortened(heldBack) },
    { title: 'PROPOSAL', wide: true, cell: ({ proposal = '' }) => proposal },
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
      { title: 'RULE', cell: ({ strategy = '', constraint = '' }) => [strategy, constraint].filter(Boolean).join(' ') },
      { title: 'SET BY', wide: true, cell: ({ rules }) => (rules ? setBy(rules) : '') },
      ...(updates ? found : []),
      { title: 'UPDATED', wide: true, cell: ({ updated }) => (updated ? lastUpdate(updated) : '') },
    ],
  }
}

function setBy({ in: place, updater }: NonNullable<Images['rules']>): string {
  if (updater === undefined) return place
  return place === 'annotations' ? `annotations, ImageUpdater ${updater}` : `ImageUpdater ${updater}`
}

function shortened(all: NonNullable<Row['heldBack']>): string {
  const shown = all.slice(0, 2).map(({ version, by }) => `${version} (${by})`)
  return [...shown, ...(all.length > 2 ? [`${all.length - 2} more`] : [])].join(', ')
}

function lastUpdate({ from, to, at, commit }: NonNullable<Row['updated']>): string {
  const where = commit ? `by ${commit.revision.slice(0, 7)} on ${commit.branch}` : 'in the spec'
  return `${from || 'nothing'} to ${to} at ${at} ${where}`
}

const leftAlone: Record<string, string> = {
  deletion: 'the application is being deleted',
  'skip-reconcile': 'it has skip-reconcile',
  pin: 'the application is pinned after a rollback',
}

/** What keeps versions from being written, or from being looked for. */
export function remarksOn(images: Images, { updates = false }: Pick<ImagesFlags, 'updates'>): string[] {
  const { rules, leftAlone: why, problems } = images
  if (updates && !rules) return ['nothing asks for updates of its images: see image-list, or an ImageUpdater']
  return [...problems, ...(why === undefined ? [] : [`nothing is written: ${leftAlone[why] ?? why}`])]
}
