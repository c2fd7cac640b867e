/** `tiphys windows`: may applications be synced at a time, by themselves and by hand, without any cluster. */
import { Command, Option } from 'commander'
import { CommandError, exitCode } from './exit-code.ts'
import { readObjects } from './objects.ts'
import { type Listing, type OutputFormat, parseOutputFormat, printListing } from './output.ts'
import type { Answer, Permission } from './window-answers.ts'

interface WindowFlags {
  at?: Date
  manual?: boolean
  output: OutputFormat
}

export function windowsCommand(): Command {
  return new Command('windows')
    .argument(
      '<files...>',
      'YAML with Applications and their AppProjects, and argocd-cm for global projects; "-" reads standard input',
    )
    .addOption(new Option('--at <time>', 'such as 2026-11-24T22:30:00Z; now without it').argParser(parseTime))
    .option('--manual', 'the exit code tells of syncs by hand instead of automated ones')
    .addOption(
      new Option('-o, --output <format>', 'json, yaml, wide or name').default('table').argParser(parseOutputFormat),
    )
    .action(async (files: string[], { at = new Date(), manual, output }: WindowFlags) => {
      // Loaded only here: the other commands start faster.
      const { answersOf } = await import('./window-answers.ts')
      const answers = answersOf(await readObjects(files), at)
      process.stdout.write(printListing(listingOf(answers), output))
      const permitted = answers.every((answer) => (manual ? answer.manual : answer.automated).permitted)
      if (!permitted) process.exitCode = exitCode.negative
    })
}

function parseTime(text: string): Date {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) {
    throw new CommandError(`${text} is no time such as 2026-11-24T22:30:00Z`, { code: exitCode.usage })
  }
  return time
}

function listingOf(rows: Answer[]): Listing<Answer> {
  const say = ({ permitted }: Permission) => (permitted ? 'yes' : 'no')
  return {
    rows,
    document: rows,
    name: ({ application }) => application,
    columns: [
      { title: 'APPLICATION', cell: ({ application }) => application },
      { title: 'BY ITSELF', cell: ({ automated }) => say(automated) },
      { title: 'BY HAND', cell: ({ manual }) => say(manual) },
      { title: 'WHY', cell: why },
      { title: 'PROJECT', cell: ({ project }) => project, wide: true },
    ],
  }
}

function why({ automated, manual }: Answer): string {
  return automated.reason === manual.reason ? automated.reason : `${automated.reason}; by hand: ${manual.reason}`
}
