/** `app create|set|edit|patch`: what an application declares. */
import type { Command } from 'commander'
import { type Application, finalizer } from '../../model/index.ts'
import { edited } from '../editor.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import { readApplication } from '../objects.ts'
import { collect, pairs } from '../words.ts'
import type { PatchType } from './applications.ts'
import { type AppFlags, command, print, withApplications } from './command.ts'
import { addSourceChoice, addSpecFlags, type SpecFlags, withFlags } from './flags.ts'

interface CreateFlags extends AppFlags, SpecFlags {
  file?: string
  name?: string
  upsert?: boolean
  validate: boolean
  label?: string[]
  annotations?: string[]
  setFinalizer?: boolean
}

export function createCommand(): Command {
  return addSpecFlags(command('create', 'make an application'))
    .argument('[name]')
    .option('-f, --file <file>', 'take the application from a YAML or JSON file; "-" reads standard input')
    .option('--name <name>', 'the same as the argument')
    .option('--upsert', 'change it when it exists already')
    .option('--no-validate', 'do not try whether its sources can be read')
    .option('-l, --label <key=value>', 'label of the application', collect)
    .option('--annotations <key=value>', 'annotation of the application', collect)
    .option('--set-finalizer', 'its resources go with it, however it is deleted')
    .action(async (name: string | undefined, flags: CreateFlags) => {
      await withApplications(flags, async (applications) => {
        const { upsert = false, validate } = flags
        const application = await describedBy(name ?? flags.name, flags, applications.namespace)
        const existing = await applications.find(application.metadata.name)
        await applications.create(application, { upsert, validate })
        print(`application ${application.metadata.name} ${existing ? 'changed' : 'created'}\n`)
      })
    })
}

async function describedBy(
  name: string | undefined,
  flags: CreateFlags,
  namespace: string | undefined,
): Promise<Application> {
  const base = await readApplication(flags.file)
  const given = name ?? base?.metadata.name
  if (!given) throw new CommandError('name the application, or give a file with --file', { code: exitCode.usage })
  const { labels, annotations, finalizers = [], ...metadata } = base?.metadata ?? {}
  const marks = {
    labels: { ...labels, ...pairs(flags.label) },
    annotations: { ...annotations, ...pairs(flags.annotations) },
    finalizers: [...new Set([...finalizers, ...(flags.setFinalizer ? [finalizer.resources] : [])])],
  }
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { ...metadata, name: given, ...(namespace && { namespace }), ...withoutEmpty(marks) },
    spec: withFlags(base?.spec ?? { project: 'default', destination: {} }, flags),
  }
}

function withoutEmpty<Kind extends object>(values: Kind): Partial<Kind> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => Object.keys(value).length > 0),
  ) as Partial<Kind>
}

export function setCommand(): Command {
  return addSourceChoice(addSpecFlags(command('set', "change an application's spec")))
    .argument('<name>')
    .option('--no-validate', 'do not try whether its sources can be read')
    .action(async (name: string, flags: AppFlags & SpecFlags & { validate: boolean }) => {
      await withApplications(flags, async (applications) => {
        const application = await applications.get(name)
        const { validate } = flags
        await applications.replace({ ...application, spec: withFlags(application.spec, flags) }, { validate })
      })
      print(`application ${name} changed\n`)
    })
}

export function editCommand(): Command {
  return command('edit', "change an application's spec in an editor (VISUAL, EDITOR or vi)")
    .argument('<name>')
    .action(async (name: string, flags: AppFlags) => {
      await withApplications(flags, async (applications) => {
        const application = await applications.get(name)
        const spec = await edited(application.spec, name)
        if (spec === undefined) return print(`application ${name} stays as it is\n`)
        await applications.replace({ ...application, spec })
        print(`application ${name} changed\n`)
      })
    })
}

export function patchCommand(): Command {
  return command('patch', 'patch what an application declares')
    .argument('<name>')
    .requiredOption('--patch <patch>', 'JSON')
    .option('--type <type>', 'json (a list of operations) or merge', 'json')
    .action(async (name: string, flags: AppFlags & { patch: string; type: string }) => {
      const type = patchType(flags.type)
      const patch = parsed(flags.patch)
      await withApplications(flags, (applications) => applications.patch(name, patch, type))
      print(`application ${name} changed\n`)
    })
}

function patchType(text: string): PatchType {
  if (text === 'merge' || text === 'json') return text
  throw new CommandError(`--type ${text} is neither json nor merge`, { code: exitCode.usage })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new CommandError(`--patch is no JSON: ${text.slice(0, 100)}`, { code: exitCode.usage, cause })
  }
}
