/** `tiphys app history|rollback|revert|unpin`: what was deployed, and going back to it. */
import type { Command } from 'commander'
import { annotation, pinnedId } from '../../model/index.ts'
import { type OutputFormat, printJson, printTable, printYaml } from '../output.ts'
import { definedOf, wholeNumber } from '../words.ts'
import type { RollbackChoice } from './applications.ts'
import { type AppFlags, command, outputOption, print, tell, timeoutOption, withApplications } from './command.ts'
import { describeApplication, shortRevision } from './describe.ts'
import { operationEnd } from './operation.ts'
import { commitRevert } from './revert-commit.ts'
import { chosenEntry } from './rollback.ts'

export function historyCommand(): Command {
  return command('history', 'revisions that were deployed')
    .argument('<name>')
    .addOption(outputOption())
    .action(async (name: string, flags: AppFlags & { output: OutputFormat }) => {
      const application = await withApplications(flags, (applications) => applications.get(name))
      const entries = application.status?.history ?? []
      if (flags.output === 'json') print(printJson(entries))
      else if (flags.output === 'yaml') print(printYaml(entries))
      else if (flags.output === 'name') print(entries.map(({ id }) => `${id}\n`).join(''))
      else {
        const rows = entries.map((entry) => [
          String(entry.id),
          entry.deployedAt,
          shortRevision(entry.revision ?? entry.revisions?.join(', ')),
          entry.initiatedBy?.automated ? 'automated' : (entry.initiatedBy?.username ?? ''),
        ])
        print(printTable(['ID', 'DEPLOYED', 'REVISION', 'BY'], rows))
      }
    })
}

export function rollbackCommand(): Command {
  return command('rollback', 'bring back what an earlier revision deployed')
    .argument('<name>')
    .argument('[id]', 'from "app history"; the one before the last without it', wholeNumber)
    .option('--prune', 'delete what that revision did not have')
    .option('--dry-run', 'ask the server about everything and change nothing')
    .option('--hooks', 'run the hooks of that revision too')
    .option('--pin', 'stay there until "app unpin", whatever comes in Git (default with automated sync)')
    .option('--no-pin', 'refuse while automated sync is on, as Argo CD does')
    .addOption(timeoutOption())
    .action(async (name: string, id: number | undefined, flags: AppFlags & RollbackChoice & { timeout: number }) => {
      await withApplications(flags, async (applications) => {
        const { timeout, prune, dryRun, hooks, pin } = flags
        const { application, pinnedTo } = await applications.rollback(
          name,
          definedOf({ id, prune, dryRun, hooks, pin }),
        )
        if (pinnedTo !== undefined) tell(`${name}: pinned to history ${pinnedTo} until "tiphys app unpin ${name}"`)
        const onProgress = (message: string) => tell(`${name}: ${message}`)
        const done = await operationEnd(applications, name, { started: application, timeout, onProgress })
        print(describeApplication(done))
      })
    })
}

export function revertCommand(): Command {
  return command('revert', 'make a commit that brings back what an earlier revision deployed; nothing is pushed')
    .argument('<name>')
    .argument('[id]', 'from "app history"; the one before the last without it', wholeNumber)
    .option('--clone <folder>', 'your clone of the repository', '.')
    .action(async (name: string, id: number | undefined, flags: AppFlags & { clone: string }) => {
      const application = await withApplications(flags, (applications) => applications.get(name))
      const { commit, branch, folders } = await commitRevert(name, chosenEntry(application, id), flags.clone)
      print(`${commit.slice(0, 7)} on ${branch} reverts ${folders.join(', ')}: push it when it is right\n`)
    })
}

export function unpinCommand(): Command {
  return command('unpin', 'lift the pin of a rollback: what Git has now is wanted again')
    .argument('<name>')
    .action(async (name: string, flags: AppFlags) => {
      await withApplications(flags, async (applications) => {
        const application = await applications.get(name)
        const id = pinnedId(application)
        if (application.metadata.annotations?.[annotation.pin] === undefined) tell(`${name} is not pinned`)
        else {
          await applications.unpin(name)
          print(`application ${name} is no longer pinned${id === undefined ? '' : ` to history ${id}`}\n`)
        }
      })
    })
}
