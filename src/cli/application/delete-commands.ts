/** `app delete` and `app confirm-deletion`: the end of applications, and what they leave behind. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, Option } from 'commander'
import type { Application } from '../../model/index.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import type { Applications, Propagation } from './applications.ts'
import {
  type AppFlags,
  type Chosen,
  chosenApplications,
  command,
  print,
  tell,
  timeoutOption,
  withApplications,
} from './command.ts'

interface DeleteFlags extends AppFlags, Chosen {
  cascade: boolean
  propagationPolicy: Propagation
  wait?: boolean
  timeout: number
}

export function deleteCommand(): Command {
  return command('delete', 'delete applications, by default with their resources')
    .argument('[names...]')
    .option('-l, --selector <selector>', 'the applications with these labels')
    .addOption(new Option('--cascade [true]', 'delete their resources too').default(true).argParser(isTrue).hideHelp())
    .option('--no-cascade', 'leave the resources where they are')
    .addOption(
      new Option('-p, --propagation-policy <policy>', 'how owned objects go')
        .choices(['foreground', 'background'])
        .default('foreground'),
    )
    .option('--wait', 'wait until they are gone, and tell what they have left behind')
    .addOption(timeoutOption())
    .addOption(new Option('-y, --yes', 'taken, and not needed: nothing is asked').hideHelp())
    .action(async (names: string[], flags: DeleteFlags) => {
      await withApplications(flags, async (applications) => {
        const chosen = await chosenApplications(applications, names, flags)
        for (const { name, application } of chosen) {
          await applications.delete(application, flags.cascade ? flags.propagationPolicy : 'orphan')
          print(`application ${name} deleted${flags.cascade ? ' with its resources' : ', its resources were left'}\n`)
        }
        const gone = chosen.map(({ application }) => application)
        if (flags.wait) for (const text of await untilGone(applications, gone, flags.timeout)) tell(text)
      })
    })
}

function isTrue(text: string): boolean {
  return text !== 'false'
}

const pauseMs = 300

/** Resolves to what the applications have left behind, in words. */
export async function untilGone(applications: Applications, gone: Application[], timeout: number): Promise<string[]> {
  const deadline = timeout > 0 ? Date.now() + timeout * 1000 : Number.POSITIVE_INFINITY
  for (const { metadata } of gone) {
    for (;;) {
      const now = await applications.find(metadata.name)
      if (now?.metadata.uid !== metadata.uid) break
      if (Date.now() > deadline) {
        const problem = now?.status?.conditions?.find(({ type }) => type === 'DeletionError')
        const why = problem ? `: ${problem.message}` : ''
        throw new CommandError(`${metadata.name} is still there after ${timeout} s${why}`, { code: exitCode.negative })
      }
      await sleep(pauseMs)
    }
  }
  return (await Promise.all(gone.map((application) => applications.warnings(application, 'ResourcesLeft')))).flat()
}

export function confirmCommand(): Command {
  return command('confirm-deletion', 'confirm the deletion of what asks for it with Delete=confirm or Prune=confirm')
    .argument('<name>')
    .action(async (name: string, flags: AppFlags) => {
      await withApplications(flags, (applications) => applications.confirmDeletion(name))
      print(`deletion of resources of ${name} confirmed\n`)
    })
}
