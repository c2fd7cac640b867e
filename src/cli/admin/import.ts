/** `tiphys admin import`: brings back what `tiphys admin export`, or Argo CD's, has printed. */
import { Command } from 'commander'
import type { KubeClient } from '../../kube/kube-client.ts'
import { isConflict } from '../../kube/kube-error.ts'
import { describeKey, type KubeObject, keyOf, versionOf } from '../../model/index.ts'
import { addConnectionFlags, type ConnectionFlags, withCluster } from '../connection.ts'
import { CommandError } from '../exit-code.ts'
import { readObjects } from '../objects.ts'
import { collectList } from '../words.ts'
import { type ImportStep, importPlan } from './import-plan.ts'
import { installationObjects, type NamespaceFlags, namespacesIn, otherNamespaces } from './installation.ts'

interface ImportFlags extends ConnectionFlags, NamespaceFlags {
  dryRun?: boolean
  prune?: boolean
  verbose?: boolean
  stopOperation?: boolean
  ignoreTracking?: boolean
  overrideOnConflict?: boolean
  skipResourcesWithLabel?: string
}

export function importCommand(): Command {
  return addConnectionFlags(new Command('import'))
    .description('bring back what "tiphys admin export" has printed')
    .argument('<file>', '"-" reads standard input')
    .option('--dry-run', 'only tell what would be done')
    .option(
      '--prune',
      'delete credentials, projects and applications that the file does not have; what these have deployed stays',
    )
    .option('--verbose', 'tell also what stays as it is')
    .option('--stop-operation', 'take off operations that are under way')
    .option('--ignore-tracking', 'tracking marks of what is there stay')
    .option('--override-on-conflict', 'try again where somebody has changed an object meanwhile')
    .option('--skip-resources-with-label <key=value>', 'leave these out of everything')
    .option('--application-namespaces <globs>', 'where else applications may be', collectList)
    .option('--applicationset-namespaces <globs>', 'where else ApplicationSets may be', collectList)
    .action(async (file: string, flags: ImportFlags) => {
      const wanted = await readObjects([file])
      await withCluster(flags, async (client) => {
        const { namespace } = flags
        const known = await otherNamespaces(client, namespace, flags)
        const named = namespacesIn(wanted, flags)
        const others = {
          applications: [...known.applications, ...named.applications],
          applicationSets: [...known.applicationSets, ...named.applicationSets],
        }
        const live = await installationObjects(client, { namespace, others })
        const steps = importPlan(wanted, live, {
          namespace,
          others,
          ignoreTracking: flags.ignoreTracking === true,
          stopOperation: flags.stopOperation === true,
          ...(flags.skipResourcesWithLabel && { skipLabel: flags.skipResourcesWithLabel }),
        })
        await carryOut(client, steps, flags)
      })
    })
}

const words: Record<ImportStep['verb'], string> = {
  create: 'created',
  update: 'updated',
  keep: 'unchanged',
  skip: 'skipped',
  refuse: 'refused',
  prune: 'pruned',
}

/** All or nothing: a file that is none of a backup would have everything pruned. */
async function carryOut(client: KubeClient, steps: ImportStep[], flags: ImportFlags): Promise<void> {
  const refused = steps.filter(({ verb }) => verb === 'refuse')
  if (refused.length > 0) {
    const lines = refused.map(({ object, reason }) => `\n  ${describeKey(keyOf(object))}: ${reason}`)
    throw new CommandError(`nothing has been done, since not all of it can be taken:${lines.join('')}`)
  }
  await makeNamespaces(client, steps, flags)
  for (const step of steps) {
    const { verb, object } = step
    const what = describeKey(keyOf(object))
    if (verb === 'prune' && !flags.prune) say(`${what} needs pruning`)
    else {
      if (!flags.dryRun) await write(client, step, flags)
      if (verb !== 'keep' || flags.verbose) say(`${what} ${words[verb]}${flags.dryRun ? ' (dry run)' : ''}`)
    }
  }
}

/** Of what is made; an empty cluster has none of them. */
async function makeNamespaces(client: KubeClient, steps: ImportStep[], flags: ImportFlags): Promise<void> {
  const made = steps.flatMap(({ verb, object }) => (verb === 'create' ? (object.metadata.namespace ?? []) : []))
  for (const name of new Set(made)) {
    if (name === flags.namespace) continue
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
    if (await client.get(targetOf(namespace))) continue
    if (!flags.dryRun) await client.create(namespace)
    say(`${describeKey(keyOf(namespace))} created${flags.dryRun ? ' (dry run)' : ''}`)
  }
}

const say = (text: string) => void process.stdout.write(`${text}\n`)

async function write(client: KubeClient, { verb, object }: ImportStep, flags: ImportFlags): Promise<void> {
  if (verb === 'create') await client.create(object)
  else if (verb === 'update') await update(client, object, flags.overrideOnConflict === true)
  else if (verb === 'prune') await prune(client, object)
}

const tries = 5

async function update(client: KubeClient, object: KubeObject, overrides: boolean): Promise<void> {
  for (let tried = 1, wanted = object; ; tried++) {
    try {
      await client.replace(wanted)
      return
    } catch (error) {
      if (!isConflict(error) || tried === tries) throw error
      const what = describeKey(keyOf(object))
      if (!overrides) {
        throw new CommandError(`${what} has been changed meanwhile: import again, or use --override-on-conflict`, {
          cause: error,
        })
      }
      const resourceVersion = (await client.get(targetOf(object)))?.metadata.resourceVersion
      wanted = { ...object, metadata: { ...object.metadata, ...(resourceVersion && { resourceVersion }) } }
    }
  }
}

/** Without finalizers: what an application has deployed is not what an import is about. */
async function prune(client: KubeClient, object: KubeObject): Promise<void> {
  const target = targetOf(object)
  if (object.metadata.finalizers?.length)
    await client.patch(target, { metadata: { finalizers: null } }, { type: 'merge' })
  await client.delete(target)
}

function targetOf(object: KubeObject) {
  return { ...keyOf(object), version: versionOf(object.apiVersion) }
}
