/** `tiphys diff`: what applying a folder or repository would change; or two files against each other, with no cluster. */
import { Command, Option } from 'commander'
import type { ObjectComparison } from '../model/index.ts'
import { addConnectionFlags, type ConnectionFlags, withCluster } from './connection.ts'
import { CommandError, exitCode } from './exit-code.ts'
import { type OutputFormat, parseOutputFormat, printJson, printYaml } from './output.ts'
import { addRenderFlags, type RenderFlags, renderPlace } from './render.ts'

interface DiffFlags extends RenderFlags, ConnectionFlags {
  desired?: string
  live?: string
  config?: string
  application?: string
  all?: boolean
  exitCode: boolean
  output: OutputFormat
}

export function diffCommand(): Command {
  const place = new Command('diff').argument('[place]', 'a folder, or the URL of a Git repository')
  return addConnectionFlags(addRenderFlags(place))
    .option('--desired <file>', 'without a cluster: the objects as they should be; "-" reads standard input')
    .option(
      '--live <file>',
      'without a cluster: the objects as they are, as "kubectl get -o yaml --show-managed-fields" prints them',
    )
    .option('--config <file>', 'argocd-cm, for the rules of the installation')
    .option('--application <file>', 'an Application, for its rules')
    .option('--all', 'tell also what is ignored, and what others have set that is not declared')
    .option('--no-exit-code', 'end with 0 even when there are differences')
    .addOption(new Option('-o, --output <format>', 'json or yaml').default('table').argParser(parseOutputFormat))
    .action(async (place: string | undefined, flags: DiffFlags) => {
      const found = await compared(place, flags)
      const { describeComparison } = await import('./describe-comparison.ts')
      const text = () =>
        found.map((one) => describeComparison(one, { now: new Date(), all: flags.all === true })).join('')
      if (flags.output === 'json') process.stdout.write(printJson(found))
      else process.stdout.write(flags.output === 'yaml' ? printYaml(found) : text())
      if (flags.exitCode && found.some(({ verdict }) => verdict !== 'synced')) process.exitCode = exitCode.negative
    })
}

async function compared(place: string | undefined, flags: DiffFlags): Promise<ObjectComparison[]> {
  const { desired, live } = flags
  if ((desired === undefined) !== (live === undefined) || (place === undefined) === (desired === undefined)) {
    throw new CommandError('name either a folder or repository, or both --desired and --live', { code: exitCode.usage })
  }
  const [{ withJq, rulesFrom }, { readApplication, readObjects, readSettings }] = await Promise.all([
    import('./comparison-rules.ts'),
    import('./objects.ts'),
  ])
  const settings = await readSettings(flags.config)
  const application = await readApplication(flags.application)
  return withJq({ settings }, async (read, jq) => {
    const rules = await rulesFrom(application, read, jq)
    if (desired !== undefined && live !== undefined) {
      const { compareFiles } = await import('./compare-files.ts')
      return compareFiles({
        desired: await readObjects([desired]),
        live: await readObjects([live]),
        rules,
        application,
      })
    }
    return withCluster(flags, async (client) => {
      const { differences } = await import('./differences.ts')
      const { version, versions } = await client.apiResources()
      const objects = await renderPlace(place ?? '', flags, { version, apiVersions: versions })
      return differences({ client, objects, rules, namespace: flags.destNamespace ?? 'default' })
    })
  })
}
