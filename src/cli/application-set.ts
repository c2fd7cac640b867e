/** `tiphys appset …`: what applications are generated from. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Command, Option } from 'commander'
import type { ApiClient } from '../contract/client.ts'
import { routes } from '../contract/index.ts'
import type { ApplicationSet } from '../model/index.ts'
import { CommandError } from './exit-code.ts'
import { readObjects } from './objects.ts'
import { type Listing, printListing } from './output.ts'
import { type ApiFlags, apiCommand, type OutputFlags, outputOption, print, say, withApi } from './server/command.ts'
import { collect } from './words.ts'

export function applicationSetCommand(): Command {
  const appset = new Command('appset')
  for (const child of [list(), get(), create(), remove(), generate()]) appset.addCommand(child)
  return appset
}

interface SetFlags extends OutputFlags {
  appsetNamespace?: string
}

function command(name: string, description: string): Command {
  return apiCommand(name, description).option(
    '-N, --appset-namespace <namespace>',
    'namespace of the ApplicationSet, where it is not that of Tiphys',
  )
}

/** `NAME` or `NAMESPACE/NAME`. */
function place(text: string, { appsetNamespace }: { appsetNamespace?: string }) {
  const [name = '', namespace = appsetNamespace] = text.split('/').reverse()
  return { params: { name }, query: namespace ? { appsetNamespace: namespace } : {} }
}

function listing(rows: ApplicationSet[]): Listing<ApplicationSet> {
  const faults = ({ status }: ApplicationSet) =>
    (status?.conditions ?? []).filter(({ type, status: is }) => type === 'ErrorOccurred' && is === 'True')
  return {
    rows,
    document: rows,
    name: ({ metadata }) => metadata.name,
    columns: [
      { title: 'NAME', cell: ({ metadata }) => metadata.name },
      { title: 'NAMESPACE', cell: ({ metadata }) => metadata.namespace ?? '', wide: true },
      { title: 'PROJECT', cell: ({ spec }) => spec.template.spec.project ?? '' },
      { title: 'GENERATORS', cell: ({ spec }) => spec.generators.map((one) => Object.keys(one)[0] ?? '').join(', ') },
      {
        title: 'APPLICATIONS',
        cell: ({ status }) => String(status?.resourcesCount ?? status?.resources?.length ?? ''),
      },
      { title: 'MESSAGE', cell: (set) => faults(set)[0]?.message ?? '' },
    ],
  }
}

function list(): Command {
  return command('list', 'list ApplicationSets')
    .alias('ls')
    .option('-p, --project <name>', 'only those of this project', collect)
    .option('-l, --selector <selector>', 'only those with these labels')
    .addOption(outputOption())
    .action(async (flags: SetFlags & { project?: string[]; selector?: string }) => {
      const { appsetNamespace, project, selector } = flags
      const query = {
        ...(appsetNamespace && { appsetNamespace }),
        ...(project && { projects: project }),
        ...(selector && { selector }),
      }
      const { items } = await withApi(flags, (api) => api.call(routes.applicationSets.list, { query }))
      print(printListing(listing(items), flags.output))
    })
}

function get(): Command {
  return command('get', 'show an ApplicationSet')
    .argument('<name>')
    .addOption(outputOption())
    .action(async (name: string, flags: SetFlags) => {
      const found = await withApi(flags, (api) => api.call(routes.applicationSets.get, place(name, flags)))
      print(printListing({ ...listing([found]), document: found }, flags.output))
    })
}

async function readSets(files: string[], { appsetNamespace }: SetFlags): Promise<ApplicationSet[]> {
  const sets = (await readObjects(files)).filter(({ kind }) => kind === 'ApplicationSet') as ApplicationSet[]
  if (sets.length === 0) throw new CommandError(`${files.join(', ')} hold no ApplicationSet`)
  return sets.map((set) => ({
    ...set,
    metadata: { ...(appsetNamespace && { namespace: appsetNamespace }), ...set.metadata },
  }))
}

function create(): Command {
  return command('create', 'make ApplicationSets')
    .argument('<files...>', 'YAML or JSON; "-" reads standard input')
    .option('--upsert', 'change those that exist already')
    .option('--dry-run', 'only print what would come of it')
    .addOption(outputOption())
    .action(async (files: string[], flags: SetFlags & { upsert?: boolean; dryRun?: boolean }) => {
      const { upsert, dryRun, output } = flags
      const query = { ...(upsert && { upsert }), ...(dryRun && { dryRun }) }
      const sets = await readSets(files, flags)
      const made = await withApi(flags, async (api) => {
        const answers: ApplicationSet[] = []
        for (const body of sets) answers.push(await api.call(routes.applicationSets.create, { body, query }))
        return answers
      })
      if (output !== 'table') return print(printListing(listing(made), output))
      for (const { metadata } of made) say(`ApplicationSet ${metadata.name} ${dryRun ? 'would be taken' : 'created'}`)
    })
}

function generate(): Command {
  return command('generate', 'the applications that an ApplicationSet would make')
    .argument('<file>', 'YAML or JSON; "-" reads standard input')
    .addOption(outputOption('yaml'))
    .action(async (file: string, flags: SetFlags) => {
      const sets = await readSets([file], flags)
      const { listingOf } = await import('./application/describe.ts')
      const generated = await withApi(flags, (api) =>
        Promise.all(
          sets.map((applicationSet) => api.call(routes.applicationSets.generate, { body: { applicationSet } })),
        ),
      )
      print(printListing(listingOf(generated.flatMap(({ applications }) => applications)), flags.output))
    })
}

function remove(): Command {
  return command('delete', 'delete ApplicationSets, and with them what they have made')
    .argument('<names...>')
    .option('--wait', 'wait until they are gone')
    .addOption(new Option('-y, --yes', 'taken, and not needed: nothing is asked').hideHelp())
    .action(async (names: string[], flags: ApiFlags & { appsetNamespace?: string; wait?: boolean }) => {
      await withApi(flags, async (api) => {
        for (const name of names) {
          await api.call(routes.applicationSets.delete, place(name, flags))
          say(`ApplicationSet ${name} deleted`)
        }
        if (flags.wait) for (const name of names) await untilGone(api, name, flags)
      })
    })
}

async function untilGone(api: ApiClient, text: string, flags: { appsetNamespace?: string }): Promise<void> {
  const { params, query } = place(text, flags)
  for (;;) {
    const { items } = await api.call(routes.applicationSets.list, { query })
    if (!items.some(({ metadata }) => metadata.name === params.name)) return
    await sleep(300)
  }
}
