/** `tiphys app logs`: what the containers of an application say. */
import type { Command } from 'commander'
import { CommandError, exitCode } from '../exit-code.ts'
import { definedOf, wholeNumber } from '../words.ts'
import type { LogChoice, LogLine } from './application-objects.ts'
import { command, print } from './command.ts'
import { type ObjectFlags, withObjects } from './object-commands.ts'

interface LogFlags extends ObjectFlags {
  name?: string
  container?: string
  follow?: boolean
  previous?: boolean
  tail?: number
  sinceSeconds?: number
  untilTime?: string
  filter?: string
  matchCase?: boolean
}

export function logsCommand(): Command {
  return command('logs', 'what the containers of an application say', { without: 'namespace' })
    .argument('<name>')
    .option('-f, --follow', 'go on as they say more')
    .option('-c, --container <name>', 'this container')
    .option('--kind <kind>', 'only Pods of objects of this kind')
    .option('--name <name>', 'only Pods of the object with this name')
    .option('--group <group>', 'only Pods of objects of this API group')
    .option('--namespace <namespace>', 'only Pods in this namespace')
    .option('--tail <lines>', 'only so many lines of each, from the end', wholeNumber)
    .option('--since-seconds <seconds>', 'only lines since then', wholeNumber)
    .option('--until-time <time>', 'only lines until then, such as 2026-10-10T15:30:00Z')
    .option('--filter <text>', 'only lines with this text; with "!" before it those without')
    .option('-m, --match-case', 'the filter minds upper and lower case')
    .option('-p, --previous', 'of the container before its last restart')
    .action(async (name: string, flags: LogFlags) => {
      const choice = logChoice(flags)
      const interrupted = new AbortController()
      const stop = () => interrupted.abort()
      process.once('SIGINT', stop)
      try {
        await withObjects(flags, async (applications) => {
          const application = await applications.get(name)
          for await (const line of applications.objects.logs(application, choice, interrupted.signal))
            print(lineText(line))
        })
      } catch (error) {
        // Whoever ends it has seen what they wanted to see.
        if (!interrupted.signal.aborted) throw error
      } finally {
        process.off('SIGINT', stop)
      }
    })
}

function lineText({ pod, text }: LogLine): string {
  return `${pod} ${text}\n`
}

function logChoice(flags: LogFlags): LogChoice {
  const { kind, group, namespace, name, container, follow, previous, sinceSeconds, untilTime, filter, matchCase } =
    flags
  if (untilTime !== undefined && Number.isNaN(Date.parse(untilTime))) {
    throw new CommandError(`--until-time ${untilTime} is no time such as 2026-10-10T15:30:00Z`, {
      code: exitCode.usage,
    })
  }
  const tailLines = flags.tail
  return definedOf({
    ...{ kind, group, namespace, name, container, follow, previous },
    ...{ tailLines, sinceSeconds, untilTime, filter, matchCase },
  })
}
