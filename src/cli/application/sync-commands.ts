/** `app sync|wait|terminate-op`. */
import { type Command, Option } from 'commander'
import type { OutputFormat } from '../output.ts'
import { collect, collectNumber, wholeNumber } from '../words.ts'
import type { Applications } from './applications.ts'
import {
  type AppFlags,
  type Chosen,
  chosenApplications,
  command,
  outputOption,
  print,
  tell,
  timeoutOption,
  withApplications,
} from './command.ts'
import { untilGone } from './delete-commands.ts'
import { operationEnd, type SyncFlags, syncRequest } from './operation.ts'
import { parseResource } from './resource-name.ts'
import { applicationText } from './show-commands.ts'
import { type Conditions, reachedBy, waitFor } from './wait.ts'

interface SyncCommandFlags extends AppFlags, SyncFlags, Chosen {
  async?: boolean
  timeout: number
  output: OutputFormat
}

export function addRevisionFlags(command: Command): Command {
  return command
    .option('--revision <revision>', 'another revision than the one the application names')
    .option('--revisions <revision>', 'the same for one of several sources, with the next flag', collect)
    .option('--source-positions <number>', 'position of that source, counted from 1', collectNumber)
    .option('--source-names <name>', 'name of that source', collect)
}

export function syncCommand(): Command {
  return addRevisionFlags(command('sync', 'bring the cluster to what Git declares').argument('[names...]'))
    .option('-l, --selector <selector>', 'the applications with these labels')
    .option('--project <name>', 'the applications of this project', collect)
    .option('--prune', 'delete what Git no longer declares')
    .option('--dry-run', 'ask the server about everything and change nothing')
    .option('--preflight-only', 'only ask the server whether everything would be taken, hooks included')
    .option('--force', 'delete and create anew what cannot be changed')
    .addOption(new Option('--strategy <strategy>', 'apply runs no hooks').choices(['apply', 'hook']))
    .option('--apply-only', 'the same as --strategy apply')
    .option('--replace', 'replace objects instead of applying them')
    .option('--server-side', 'the server decides who owns which field')
    .option('--apply-out-of-sync-only', 'leave what is in sync alone')
    .option('--resource <group:kind:name>', 'only this resource; "!" before it leaves it out', collect)
    .option('--sync-option <option>', 'sync option such as CreateNamespace=true', collect)
    .option('--info <name=value>', 'kept with the operation', collect)
    .option('--retry-limit <count>', 'tries after a failure', wholeNumber)
    .option('--retry-refresh', 'tries take what Git has by then')
    .option('--retry-backoff-duration <duration>', 'wait before the first of them, such as 5s')
    .option('--retry-backoff-max-duration <duration>', 'longest wait between two of them')
    .option('--retry-backoff-factor <number>', 'how much longer each waits', wholeNumber)
    .option('--async', 'do not wait for the end')
    .addOption(timeoutOption())
    .addOption(outputOption())
    .addOption(new Option('--assumeYes').hideHelp())
    .action(async (names: string[], flags: SyncCommandFlags) => {
      for (const text of flags.resource ?? []) parseResource(text)
      await withApplications(flags, async (applications) => {
        for (const { name, application } of await chosenApplications(applications, names, flags)) {
          const started = await applications.sync(name, syncRequest(application, flags))
          if (flags.async) continue
          const { timeout } = flags
          const onProgress = (message: string) => tell(`${name}: ${message}`)
          const done = await operationEnd(applications, name, { started, timeout, onProgress })
          print(applicationText(done, flags.output))
        }
      })
    })
}

interface WaitFlags extends AppFlags, Conditions, Chosen {
  delete?: boolean
  timeout: number
}

export function waitCommand(): Command {
  return command('wait', 'wait until applications are synced, healthy and idle')
    .argument('[names...]')
    .option('-l, --selector <selector>', 'the applications with these labels')
    .option('--sync', 'only until synced')
    .option('--health', 'only until healthy')
    .option('--operation', 'only until no operation is under way')
    .option('--suspended', 'until suspended')
    .option('--degraded', 'until degraded')
    .option('--delete', 'until they are gone')
    .option('--resource <group:kind:name>', 'only this resource; "!" before it leaves it out', collect)
    .addOption(timeoutOption())
    .action(async (names: string[], flags: WaitFlags) => {
      await withApplications(flags, async (applications) => {
        if (flags.delete) return untilNoneIsThere(applications, names, flags)
        const reached = reachedBy(flags)
        const chosen = await chosenApplications(applications, names, flags)
        await Promise.all(chosen.map(({ name }) => waitFor(applications, name, reached, flags)))
      })
    })
}

/** What is gone already needs no waiting. */
async function untilNoneIsThere(applications: Applications, names: string[], flags: WaitFlags): Promise<void> {
  const there = names.length > 0 ? await Promise.all(names.map(applications.find)) : await applications.list(flags)
  const found = there.filter((application) => application !== undefined)
  for (const text of await untilGone(applications, found, flags.timeout)) tell(text)
}

export function terminateCommand(): Command {
  return command('terminate-op', 'end the operation that is under way')
    .argument('<name>')
    .action(async (name: string, flags: AppFlags) => {
      await withApplications(flags, (applications) => applications.terminate(name))
      print(`operation of ${name} is being ended\n`)
    })
}
