/** `app get-resource|patch-resource|delete-resource`: single objects of an application. */
import { type Command, Option } from 'commander'
import { describeKey, type KubeObject, keyOf } from '../../model/index.ts'
import { controlNamespace } from '../connection.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import { type OutputFormat, printListing } from '../output.ts'
import { collectList, definedOf } from '../words.ts'
import type { ObjectChoice, ObjectPatchType } from './application-objects.ts'
import type { Applications } from './applications.ts'
import { type AppFlags, command, outputOption, print, withApplications } from './command.ts'

export interface ObjectFlags extends Omit<AppFlags, 'namespace'> {
  kind?: string
  resourceName?: string
  group?: string
  /** Of the object. */
  namespace?: string
  resourceNamespace?: string
  all?: boolean
}

/** A command about objects of an application: its `--namespace` is theirs. */
export function objectCommand(name: string, description: string): Command {
  return command(name, description, { without: 'namespace' })
    .option('--kind <kind>', 'kind of the object')
    .option('--resource-name <name>', 'name of the object')
    .option('--group <group>', 'API group of the object')
    .option('--namespace <namespace>', 'namespace of the object')
    .addOption(new Option('--resource-namespace <namespace>').hideHelp())
    .addOption(new Option('--project <name>').hideHelp())
}

export function choiceOf(flags: ObjectFlags): ObjectChoice {
  const { kind, group, resourceName: name, resourceNamespace, namespace = resourceNamespace } = flags
  return definedOf({ kind, group, name, namespace })
}

export function withObjects<Result>(
  flags: ObjectFlags,
  work: (applications: Applications) => Promise<Result>,
): Promise<Result> {
  return withApplications({ ...flags, namespace: controlNamespace() }, work)
}

interface GetFlags extends ObjectFlags {
  output: OutputFormat
  filterFields?: string[]
  showManagedFields?: boolean
}

export function getResourceCommand(): Command {
  return objectCommand('get-resource', 'show live objects of an application')
    .argument('<name>')
    .option('--filter-fields <paths>', 'only these fields, such as status.podIP,spec.nodeName', collectList)
    .option('--show-managed-fields', 'with who manages which field')
    .addOption(outputOption())
    .action(async (name: string, flags: GetFlags) => {
      const found = await withObjects(flags, async (applications) =>
        applications.objects.find(await applications.get(name), choiceOf(flags)),
      )
      if (found.length === 0) throw new CommandError(`application ${name} has no such object`)
      const shown = found.map((object) => shownFields(object, flags))
      const output = flags.output === 'table' && flags.filterFields ? 'yaml' : flags.output
      print(
        printListing(
          {
            rows: found,
            document: shown.length === 1 ? shown[0] : shown,
            name: (object) => describeKey(keyOf(object)),
            columns: [
              { title: 'GROUP', cell: (object) => keyOf(object).group },
              { title: 'KIND', cell: ({ kind }) => kind },
              { title: 'NAMESPACE', cell: ({ metadata }) => metadata.namespace ?? '' },
              { title: 'NAME', cell: ({ metadata }) => metadata.name },
              { title: 'CREATED', cell: ({ metadata }) => String(metadata.creationTimestamp ?? '') },
            ],
          },
          output,
        ),
      )
    })
}

export function shownFields(object: KubeObject, { filterFields, showManagedFields }: Partial<GetFlags>): unknown {
  const { managedFields: _, ...metadata } = object.metadata
  const shown = showManagedFields ? object : { ...object, metadata }
  if (!filterFields) return shown
  return Object.fromEntries(filterFields.map((path) => [path, fieldAt(shown, path)]))
}

/** `a.b[0].c`; of a list without a place, the field of each. */
function fieldAt(value: unknown, path: string): unknown {
  const steps = path
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter(Boolean)
  return steps.reduce<unknown>((at, step) => {
    if (Array.isArray(at) && !/^\d+$/.test(step)) return at.map((one) => (one as Record<string, unknown>)?.[step])
    return (at as Record<string, unknown> | undefined)?.[step]
  }, value)
}

const patchTypes: Record<string, ObjectPatchType> = {
  'application/merge-patch+json': 'merge',
  'application/json-patch+json': 'json',
  'application/strategic-merge-patch+json': 'strategic',
  merge: 'merge',
  json: 'json',
  strategic: 'strategic',
}

export function patchResourceCommand(): Command {
  return objectCommand('patch-resource', 'patch a live object of an application')
    .argument('<name>')
    .requiredOption('--patch <patch>', 'JSON')
    .addOption(
      new Option('--patch-type <type>', 'how it is meant')
        .choices(Object.keys(patchTypes))
        .default('application/merge-patch+json'),
    )
    .option('--all', 'all that are meant, where there are several')
    .action(async (name: string, flags: ObjectFlags & { patch: string; patchType: string }) => {
      const type = patchTypes[flags.patchType] ?? 'merge'
      await forEachObject(name, flags, async (applications, { application, object }) => {
        await applications.objects.patch(application, object, { text: flags.patch, type })
        print(`${describeKey(keyOf(object))} patched\n`)
      })
    })
}

export function deleteResourceCommand(): Command {
  return objectCommand('delete-resource', 'delete a live object of an application')
    .argument('<name>')
    .option('--force', 'at once, without waiting for what it owns')
    .option('--orphan', 'leave what it owns where it is')
    .option('--all', 'all that are meant, where there are several')
    .action(async (name: string, flags: ObjectFlags & { force?: boolean; orphan?: boolean }) => {
      const { force, orphan } = flags
      await forEachObject(name, flags, async (applications, { application, object }) => {
        await applications.objects.delete(application, object, definedOf({ force, orphan }))
        print(`${describeKey(keyOf(object))} deleted\n`)
      })
    })
}

type Meant = { application: Awaited<ReturnType<Applications['get']>>; object: KubeObject }

/** One, or all that are meant with `--all`; something has to say which. */
export async function forEachObject(
  name: string,
  flags: ObjectFlags,
  work: (applications: Applications, meant: Meant) => Promise<void>,
): Promise<void> {
  const choice = choiceOf(flags)
  if (Object.keys(choice).length === 0) {
    throw new CommandError('say which object with --kind and --resource-name', { code: exitCode.usage })
  }
  await withObjects(flags, async (applications) => {
    const application = await applications.get(name)
    const found = await applications.objects.find(application, choice)
    for (const object of meantOf(found, name, flags.all === true)) await work(applications, { application, object })
  })
}

export function meantOf(found: KubeObject[], name: string, all: boolean): KubeObject[] {
  if (found.length === 0) throw new CommandError(`application ${name} has no such object`)
  if (found.length === 1 || all) return found
  const named = found.slice(0, 5).map((object) => describeKey(keyOf(object)))
  throw new CommandError(
    `application ${name} has ${found.length} of them (${named.join(', ')}${found.length > 5 ? ', …' : ''}): say which with --kind and --resource-name, or take --all`,
  )
}
