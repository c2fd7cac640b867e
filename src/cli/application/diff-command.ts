/** `tiphys app diff`: what a sync would change, and who made it different. */
import type { Command } from 'commander'
import { withCluster } from '../connection.ts'
import { exitCode } from '../exit-code.ts'
import { printJson, printYaml } from '../output.ts'
import { readLogins } from '../server/login-file.ts'
import { placeOf } from '../server/place.ts'
import { wholeNumber } from '../words.ts'
import { type AppFlags, command, outputOption, print } from './command.ts'
import type { DiffFlags } from './diff.ts'
import { addRevisionFlags } from './sync-commands.ts'

interface DiffCommandFlags extends AppFlags, DiffFlags {
  diffExitCode: number
}

export function diffCommand(): Command {
  return addRevisionFlags(command('diff', 'what a sync would change, and who made it different').argument('<name>'))
    .option('--local <folder>', 'compare with a folder on this machine')
    .option('--allow-local', 'allow repositories on the local disk or on loopback addresses')
    .option('--refresh', 'look at Git and the cluster first')
    .option('--hard-refresh', 'the same, with nothing taken from a cache')
    .option('--all', 'tell also what is ignored, and what others have set that Git does not declare')
    .option('--no-exit-code', 'end with 0 even when there are differences')
    .option('--diff-exit-code <code>', 'end with this where there are differences', wholeNumber, exitCode.negative)
    .addOption(outputOption())
    .action(async (name: string, flags: DiffCommandFlags) => {
      const found = await compared(name, flags)
      const { describeComparison } = await import('../describe-comparison.ts')
      if (flags.output === 'json') print(printJson(found))
      else if (flags.output === 'yaml') print(printYaml(found))
      else print(found.map((one) => describeComparison(one, { now: new Date(), all: flags.all === true })).join(''))
      if (flags.exitCode && found.some(({ verdict }) => verdict !== 'synced')) process.exitCode = flags.diffExitCode
    })
}

/** What compares is loaded only here: the other commands start faster without. */
async function compared(name: string, flags: DiffCommandFlags) {
  const { logins } = await readLogins(flags.config)
  const place = placeOf(flags, { env: process.env, logins })
  if (place.kind === 'server') {
    const [{ atServer }, { diffOverApi }] = await Promise.all([
      import('../server/with-server.ts'),
      import('./diff-over-api.ts'),
    ])
    return atServer(place, flags, (api) => diffOverApi(api, name, flags))
  }
  const [{ applicationsInCluster }, { diffApplication }] = await Promise.all([
    import('./in-cluster.ts'),
    import('./diff.ts'),
  ])
  return withCluster({ ...flags, context: flags.context ?? flags.kubeContext }, async (client) => {
    const applications = applicationsInCluster(client, flags.appNamespace ?? flags.namespace)
    const application =
      flags.refresh || flags.hardRefresh
        ? await applications.refresh(name, flags.hardRefresh ? 'hard' : 'normal')
        : await applications.get(name)
    return diffApplication(application, { client, flags })
  })
}
