/** `tiphys app …`: each command's words, and what it calls. */
import { userInfo } from 'node:os'
import { Command, Option } from 'commander'
import type { Application } from '../../model/index.ts'
import { type ConnectionFlags, withCluster } from '../connection.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import { readApplication } from '../objects.ts'
import { type OutputFormat, printJson, printListing, printYaml } from '../output.ts'
import { actionsCommand } from './actions.ts'
import { type Applications, applicationsOf } from './applications.ts'
import { command, outputOption, print, tell, timeoutOption, withApplications } from './command.ts'
import { confirmDeletion, type DeleteFlags, deleteApplication, untilGone } from './delete.ts'
import { historyCommand, revertCommand, rollbackCommand, unpinCommand } from './deployments.ts'
import { describeApplication, listingOf } from './describe.ts'
import type { DiffFlags } from './diff.ts'
import { addSpecFlags, type SpecFlags, withFlags } from './flags.ts'
import { operationEnd, type SyncFlags, startOperation, syncOperation } from './operation.ts'
import { type Conditions, reachedBy, waitFor } from './wait.ts'

const collect = (value: string, previous: string[] = []) => [...previous, value]
export function applicationCommand(): Command {
  const app = new Command('app').description('work with applications')
  const commands = [
    list(),
    get(),
    create(),
    set(),
    sync(),
    wait(),
    diff(),
    historyCommand(),
    rollbackCommand(),
    revertCommand(),
    unpinCommand(),
    actionsCommand(),
    remove(),
    confirm(),
  ]
  for (const child of commands) app.addCommand(child)
  return app
}

function list(): Command {
  return command('list', 'list applications')
    .alias('ls')
    .option('-p, --project <name>', 'only those of this project')
    .option('-l, --selector <selector>', 'only those with these labels')
    .addOption(outputOption())
    .action(async (flags: ConnectionFlags & { output: OutputFormat; project?: string; selector?: string }) => {
      const found = await withApplications(flags, (applications) => applications.list(flags.selector))
      const wanted = found.filter((app) => !flags.project || app.spec.project === flags.project)
      if (wanted.length === 0 && flags.output === 'table') tell(`no applications in namespace ${flags.namespace}`)
      else print(printListing(listingOf(wanted), flags.output))
    })
}

function get(): Command {
  return command('get', 'show one application and its resources')
    .argument('<name>')
    .option('--refresh', 'look at Git and the cluster first')
    .option('--hard-refresh', 'the same, with nothing taken from a cache')
    .addOption(outputOption())
    .action(
      async (
        name: string,
        flags: ConnectionFlags & { output: OutputFormat; refresh?: boolean; hardRefresh?: boolean },
      ) => {
        const application = await withApplications(flags, async (applications) => {
          if (!flags.refresh && !flags.hardRefresh) return applications.get(name)
          return refresh(applications, name, flags.hardRefresh ? 'hard' : 'normal')
        })
        if (flags.output === 'json') print(printJson(application))
        else if (flags.output === 'yaml') print(printYaml(application))
        else if (flags.output === 'name') print(`${application.metadata.name}\n`)
        else print(describeApplication(application))
      },
    )
}

const refreshAnnotation = 'argocd.argoproj.io/refresh'

async function refresh(applications: Applications, name: string, kind: 'normal' | 'hard'): Promise<Application> {
  await applications.get(name)
  await applications.patch(name, { metadata: { annotations: { [refreshAnnotation]: kind } } })
  return waitFor(applications, name, ({ metadata }) => metadata.annotations?.[refreshAnnotation] === undefined, {
    timeout: 60,
  })
}

function create(): Command {
  return addSpecFlags(command('create', 'make an application'))
    .argument('[name]')
    .option('-f, --file <file>', 'take the application from a YAML or JSON file; "-" reads standard input')
    .option('--upsert', 'change it when it exists already')
    .option('-l, --label <key=value>', 'label of the application', collect)
    .action(
      async (
        name: string | undefined,
        flags: ConnectionFlags & SpecFlags & { file?: string; upsert?: boolean; label?: string[] },
      ) => {
        const application = await describedBy(name, flags)
        await withApplications(flags, async (applications) => {
          const existing = await applications.find(application.metadata.name)
          if (!existing) await applications.create(application)
          else if (flags.upsert) await applications.replace({ ...existing, spec: application.spec })
          else throw new CommandError(`${application.metadata.name} exists already: use --upsert to change it`)
          print(`application ${application.metadata.name} ${existing ? 'changed' : 'created'}\n`)
        })
      },
    )
}

async function describedBy(
  name: string | undefined,
  flags: ConnectionFlags & SpecFlags & { file?: string; label?: string[] },
): Promise<Application> {
  const base = await readApplication(flags.file)
  const given = name ?? base?.metadata.name
  if (!given) throw new CommandError('name the application, or give a file with --file', { code: exitCode.usage })
  const labels = Object.fromEntries((flags.label ?? []).map((text) => text.split('=', 2)))
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      ...base?.metadata,
      name: given,
      namespace: flags.namespace,
      ...(flags.label && { labels: { ...base?.metadata.labels, ...labels } }),
    },
    spec: withFlags(base?.spec ?? { project: 'default', destination: {} }, flags),
  }
}

function set(): Command {
  return addSpecFlags(command('set', "change an application's spec"))
    .argument('<name>')
    .action(async (name: string, flags: ConnectionFlags & SpecFlags) => {
      await withApplications(flags, async (applications) => {
        const application = await applications.get(name)
        await applications.replace({ ...application, spec: withFlags(application.spec, flags) })
      })
      print(`application ${name} changed\n`)
    })
}

function sync(): Command {
  return command('sync', 'bring the cluster to what Git declares')
    .argument('<names...>')
    .option('--revision <revision>', 'another revision than the one the application names')
    .option('--prune', 'delete what Git no longer declares')
    .option('--dry-run', 'ask the server about everything and change nothing')
    .option('--preflight-only', 'only ask the server whether everything would be taken, hooks included')
    .option('--force', 'delete and create anew what cannot be changed')
    .option('--apply-only', 'run no hooks')
    .option('--replace', 'replace objects instead of applying them')
    .option('--resource <group:kind:name>', 'only this resource; "!" before it leaves it out', collect)
    .option('--sync-option <option>', 'sync option such as CreateNamespace=true', collect)
    .option('--retry-limit <count>', 'tries after a failure', Number)
    .option('--async', 'do not wait for the end')
    .addOption(timeoutOption())
    .action(async (names: string[], flags: ConnectionFlags & SyncFlags & { async?: boolean; timeout: number }) => {
      await withApplications(flags, async (applications) => {
        for (const name of names) {
          const operation = syncOperation(await applications.get(name), flags, userInfo().username)
          const asked = await startOperation(applications, name, operation)
          if (flags.async) continue
          const done = await operationEnd(applications, name, {
            asked,
            timeout: flags.timeout,
            onProgress: (m) => tell(`${name}: ${m}`),
          })
          print(describeApplication(done))
        }
      })
    })
}

function wait(): Command {
  return command('wait', 'wait until applications are synced, healthy and idle')
    .argument('<names...>')
    .option('--sync', 'only until synced')
    .option('--health', 'only until healthy')
    .option('--operation', 'only until no operation is under way')
    .option('--suspended', 'until suspended')
    .option('--degraded', 'until degraded')
    .addOption(timeoutOption())
    .action(async (names: string[], flags: ConnectionFlags & Conditions & { timeout: number }) => {
      const reached = reachedBy(flags)
      await withApplications(flags, async (applications) => {
        await Promise.all(names.map((name) => waitFor(applications, name, reached, flags)))
      })
    })
}

function diff(): Command {
  return command('diff', 'what a sync would change, and who made it different')
    .argument('<name>')
    .option('--revision <revision>', 'compare with another revision')
    .option('--local <folder>', 'compare with a folder on this machine')
    .option('--allow-local', 'allow repositories on the local disk or on loopback addresses')
    .option('--all', 'tell also what is ignored, and what others have set that Git does not declare')
    .option('--no-exit-code', 'end with 0 even when there are differences')
    .addOption(outputOption())
    .action(async (name: string, flags: ConnectionFlags & DiffFlags) => {
      // Loaded only here: it renders, and the other commands start faster without.
      const { diffApplication } = await import('./diff.ts')
      const different = await withCluster(flags, async (client) => {
        const application = await applicationsOf(client, flags.namespace).get(name)
        return diffApplication(application, { client, flags, print })
      })
      if (different && flags.exitCode) process.exitCode = exitCode.negative
    })
}

function remove(): Command {
  return command('delete', 'delete applications, by default with their resources')
    .argument('<names...>')
    .option('--no-cascade', 'leave the resources where they are')
    .addOption(
      new Option('-p, --propagation-policy <policy>', 'how owned objects go')
        .choices(['foreground', 'background'])
        .default('foreground'),
    )
    .option('--wait', 'wait until they are gone, and tell what they have left behind')
    .addOption(timeoutOption())
    .action(async (names: string[], flags: ConnectionFlags & DeleteFlags & { wait?: boolean; timeout: number }) => {
      await withApplications(flags, async (applications) => {
        const found = await Promise.all(names.map((name) => applications.get(name)))
        for (const application of found) {
          await deleteApplication(applications, application, flags)
          const what = flags.cascade ? ' with its resources' : ', its resources were left'
          print(`application ${application.metadata.name} deleted${what}\n`)
        }
        if (flags.wait) for (const text of await untilGone(applications, found, flags.timeout)) tell(text)
      })
    })
}

function confirm(): Command {
  return command('confirm-deletion', 'confirm the deletion of what asks for it with Delete=confirm or Prune=confirm')
    .argument('<name>')
    .action(async (name: string, flags: ConnectionFlags) => {
      await withApplications(flags, (applications) => confirmDeletion(applications, name, new Date()))
      print(`deletion of resources of ${name} confirmed\n`)
    })
}
