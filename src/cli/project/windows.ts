/** `tiphys proj windows …`: when syncs are permitted. A window is named by its place in the list, counted from 0. */
import { Command, Option } from 'commander'
import { routes } from '../../contract/index.ts'
import type { AppProjectSpec, SyncWindow } from '../../model/index.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import { printListing } from '../output.ts'
import { apiCommand, type OutputFlags, outputOption, print, withApi } from '../server/command.ts'
import { collectList, definedOf, wholeNumber } from '../words.ts'
import { changeCommand, type SpecChange } from './change.ts'

export function windowsCommand(): Command {
  const windows = new Command('windows').description('when syncs are permitted')
  for (const child of [list(), ...changes.map(changeCommand)]) windows.addCommand(child)
  return windows
}

const kindOption = () => new Option('-k, --kind <kind>', 'syncs are permitted then, or not').choices(['allow', 'deny'])

/** Of a new window and of a change of one. */
function addWindowFlags(command: Command): Command {
  return command
    .option('--schedule <cron>', 'when it opens, such as "0 22 * * *"')
    .option('--duration <duration>', 'how long it is open, such as 1h')
    .option('--applications <names>', 'globs, with commas', collectList)
    .option('--namespaces <names>', 'globs of destination namespaces, with commas', collectList)
    .option('--clusters <names>', 'globs of clusters by name or address, with commas', collectList)
    .option('--time-zone <zone>', 'of the schedule, such as Europe/Berlin; UTC without it')
    .option('--description <text>', 'what it is for')
}

interface WindowFlags {
  schedule?: string
  duration?: string
  applications?: string[]
  namespaces?: string[]
  clusters?: string[]
  timeZone?: string
  description?: string
}

function fieldsOf(flags: WindowFlags): SyncWindow {
  const { schedule, duration, applications, namespaces, clusters, timeZone, description } = flags
  return definedOf({ schedule, duration, applications, namespaces, clusters, timeZone, description })
}

function withWindow(spec: AppProjectSpec, id: string, change: (window: SyncWindow) => SyncWindow | undefined) {
  const at = wholeNumber(id)
  const windows = spec.syncWindows ?? []
  if (!windows[at]) throw new CommandError(`the project has no window ${id}: "proj windows list" numbers them`)
  return {
    ...spec,
    syncWindows: windows.flatMap((window, index) => (index === at ? (change(window) ?? []) : [window])),
  }
}

type Toggled = 'manualSync' | 'syncOverrun'

function toggle(word: string, field: Toggled, [on, off]: [on: string, off: string]): SpecChange[] {
  return [true, false].map((value) => ({
    name: `${value ? 'enable' : 'disable'}-${word}`,
    description: value ? on : off,
    args: ['<id>'],
    apply: (spec, { args: [id = ''] }) => withWindow(spec, id, (window) => ({ ...window, [field]: value })),
  }))
}

export const changes: SpecChange[] = [
  {
    name: 'add',
    description: 'add a window',
    flags: (command) =>
      addWindowFlags(command.addOption(kindOption().makeOptionMandatory()))
        .option('--manual-sync', 'syncs by hand are permitted in any case')
        .option('--sync-overrun', 'what has begun in time may go on')
        .option('--use-and-operator', 'applications, namespaces and clusters have all to match'),
    apply(spec, { flags }) {
      const { schedule, duration, kind, manualSync, syncOverrun, useAndOperator } = flags
      if (!schedule || !duration) {
        throw new CommandError('a window needs --schedule and --duration', { code: exitCode.usage })
      }
      const window = definedOf({ ...fieldsOf(flags), kind, manualSync, syncOverrun, andOperator: useAndOperator })
      return { ...spec, syncWindows: [...(spec.syncWindows ?? []), window] }
    },
  },
  {
    name: 'update',
    description: 'change a window: each flag replaces what was there',
    args: ['<id>'],
    flags: addWindowFlags,
    apply: (spec, { args: [id = ''], flags }) => withWindow(spec, id, (window) => ({ ...window, ...fieldsOf(flags) })),
  },
  {
    name: 'delete',
    description: 'delete a window',
    args: ['<id>'],
    apply: (spec, { args: [id = ''] }) => withWindow(spec, id, () => undefined),
  },
  ...toggle('manual-sync', 'manualSync', ['permit syncs by hand in any case', 'syncs by hand need the window too']),
  ...toggle('sync-overrun', 'syncOverrun', ['what has begun in time may go on', 'what has begun ends with the window']),
]

function list(): Command {
  return apiCommand('list', 'list the windows of a project')
    .argument('<project>')
    .addOption(outputOption())
    .action(async (name: string, flags: OutputFlags) => {
      const { project, open } = await withApi(flags, async (api) => ({
        project: await api.call(routes.projects.get, { params: { name } }),
        open: (await api.call(routes.projects.syncWindows, { params: { name } })).windows,
      }))
      const windows = project.spec.syncWindows ?? []
      const isOpen = new Set(open.map((window) => JSON.stringify(window)))
      const rows = windows.map((window, id) => ({ id, window, open: isOpen.has(JSON.stringify(window)) }))
      const join = (texts: string[] | undefined) => texts?.join(',') ?? ''
      print(
        printListing(
          {
            rows,
            document: windows,
            name: ({ id }) => String(id),
            columns: [
              { title: 'ID', cell: ({ id }) => String(id) },
              { title: 'STATUS', cell: ({ open }) => (open ? 'open' : 'closed') },
              { title: 'KIND', cell: ({ window }) => window.kind ?? '' },
              { title: 'SCHEDULE', cell: ({ window }) => window.schedule ?? '' },
              { title: 'DURATION', cell: ({ window }) => window.duration ?? '' },
              { title: 'APPLICATIONS', cell: ({ window }) => join(window.applications) },
              { title: 'NAMESPACES', cell: ({ window }) => join(window.namespaces) },
              { title: 'CLUSTERS', cell: ({ window }) => join(window.clusters) },
              { title: 'BY HAND', cell: ({ window }) => (window.manualSync ? 'always' : 'in the window') },
              { title: 'OVERRUN', cell: ({ window }) => (window.syncOverrun ? 'yes' : 'no'), wide: true },
              { title: 'ALL MATCH', cell: ({ window }) => (window.andOperator ? 'yes' : 'no'), wide: true },
              { title: 'TIME ZONE', cell: ({ window }) => window.timeZone ?? 'UTC', wide: true },
            ],
          },
          flags.output,
        ),
      )
    })
}
