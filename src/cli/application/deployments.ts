/** `tiphys app history|rollback|revert|unpin`: what was deployed, and going back to it. */
import { userInfo } from 'node:os'
import type { Command } from 'commander'
import { annotation, pinnedId } from '../../model/index.ts'
import { unpinned } from '../../operation/index.ts'
import type { ConnectionFlags } from '../connection.ts'
import { type OutputFormat, printJson, printTable, printYaml } from '../output.ts'
import { command, outputOption, print, tell, timeoutOption, withApplications } from './command.ts'
import { describeApplication, shortRevision } from './describe.ts'
import { operationEnd } from './operation.ts'
import { commitRevert } from './revert-commit.ts'
import { chosenEntry, type RollbackFlags, rollbackOf, startRollback } from './rollback.ts'

export function historyCommand(): Command {
  return command('history', 'revisions that were deployed')
    .argument('<name>')
    .addOption(outputOption())
    .action(async (name: string, flags: ConnectionFlags & { output: OutputFormat }) => {
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
    .argument('[id]', 'from "app history"; the one before the last without it', Number)
    .option('--prune', 'delete what that revision did not have')
    .option('--dry-run', 'ask the server about everything and change nothing')
    .option('--hooks', 'run the hooks of that revision too')
    .option('--pin', 'stay there until "app unpin", whatever comes in Git (default with automated sync)')
    .option('--no-pin', 'refuse while automated sync is on, as Argo CD does')
    .addOption(timeoutOption())
    .action(
      async (name: string, id: number | undefined, flags: ConnectionFlags & RollbackFlags & { timeout: number }) => {
        await withApplications(flags, async (applications) => {
          const { timeout } = flags
          const by = { username: userInfo().username, now: new Date() }
          const rollback = rollbackOf(await applications.get(name), { ...flags, id }, by)
          const asked = await startRollback(applications, name, { rollback, timeout })
          if (rollback.pin) tell(`${name}: pinned to history ${rollback.pin.id} until "tiphys app unpin ${name}"`)
          const done = await operationEnd(applications, name, {
            asked,
            timeout,
            onProgress: (m) => tell(`${name}: ${m}`),
          })
          print(describeApplication(done))
        })
      },
    )
}

export function revertCommand(): Command {
  return command('revert', 'make a commit that brings back what an earlier revision deployed; nothing is pushed')
    .argument('<name>')
    .argument('[id]', 'from "app history"; the one before the last without it', Number)
    .option('--clone <folder>', 'your clone of the repository', '.')
    .action(async (name: string, id: number | undefined, flags: ConnectionFlags & { clone: string }) => {
      const application = await withApplications(flags, (applications) => applications.get(name))
      const { commit, branch, folders } = await commitRevert(name, chosenEntry(application, id), flags.clone)
      print(`${commit.slice(0, 7)} on ${branch} reverts ${folders.join(', ')}: push it when it is right\n`)
    })
}

export function unpinCommand(): Command {
  return command('unpin', 'lift the pin of a rollback: what Git has now is wanted again')
    .argument('<name>')
    .action(async (name: string, flags: ConnectionFlags) => {
      await withApplications(flags, async (applications) => {
        const application = await applications.get(name)
        const id = pinnedId(application)
        if (application.metadata.annotations?.[annotation.pin] === undefined) tell(`${name} is not pinned`)
        else {
          await applications.patch(name, unpinned)
          print(`application ${name} is no longer pinned${id === undefined ? '' : ` to history ${id}`}\n`)
        }
      })
    })
}
