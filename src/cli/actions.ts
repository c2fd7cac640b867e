/** `tiphys actions`: what can be done to an object in a file, and what it comes to, with no cluster. */
import { Command, Option } from 'commander'
import type { Actions, ImpactedResource } from '../action/index.ts'
import { describeKey, type KubeObject, keyOf, stringifyJson } from '../model/index.ts'
import { CommandError, exitCode } from './exit-code.ts'
import { readObjects, readSettings } from './objects.ts'
import { printYaml } from './output.ts'

export interface ActionFlags {
  kind?: string
  resourceName?: string
  group?: string
  param?: Record<string, string>
}

/** Which object of several is meant, and with which parameters. */
export function addActionFlags(command: Command): Command {
  return command
    .option('--kind <kind>', 'kind of the object')
    .option('--resource-name <name>', 'name of the object')
    .option('--group <group>', 'API group of the object')
}

export const parameterOption = () =>
  new Option('--param <name=value>', 'parameter of the action, such as replicas=3').argParser(collectParameter)

function collectParameter(text: string, before: Record<string, string> = {}): Record<string, string> {
  const equals = text.indexOf('=')
  if (equals <= 0) {
    throw new CommandError(`--param ${text} is not of the form NAME=VALUE`, { code: exitCode.usage })
  }
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) }
}

export const impactOutput = () =>
  new Option('-o, --output <format>', 'what is printed of each object').choices(['yaml', 'json']).default('yaml')

export function actionsCommand(): Command {
  return new Command('actions').addCommand(list()).addCommand(run())
}

function list(): Command {
  return addActionFlags(new Command('list'))
    .description('the actions of each object: a line of JSON for each')
    .argument('<files...>', 'files with objects; "-" reads standard input')
    .option('--config <file>', 'argocd-cm with resource.customizations')
    .action(async (files: string[], flags: ActionFlags & { config?: string }) => {
      const actions = await openActions(await readSettings(flags.config))
      const objects = (await readObjects(files)).filter((object) => isMeant(object, flags))
      const lines = objects.map((object) => ({ ...names(object), actions: actions.list(object) }))
      process.stdout.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    })
}

function names(object: KubeObject) {
  const { group, kind, namespace, name } = keyOf(object)
  return { group, kind, namespace, name }
}

function run(): Command {
  return addActionFlags(new Command('run'))
    .description('print what an action would patch or create')
    .argument('<file>', 'file with the object; "-" reads standard input')
    .argument('<action>', 'one of "tiphys actions list"')
    .option('--config <file>', 'argocd-cm with resource.customizations')
    .addOption(parameterOption())
    .addOption(impactOutput())
    .action(async (file: string, action: string, flags: ActionFlags & { config?: string; output: string }) => {
      const actions = await openActions(await readSettings(flags.config))
      const object = onlyOne(
        (await readObjects([file])).filter((candidate) => isMeant(candidate, flags)),
        file,
      )
      process.stdout.write(printImpact(actions.run(object, action, flags.param), flags.output))
    })
}

/** Loaded only by the commands that need it: it brings the virtual machine for scripts. */
export async function openActions(settings: Record<string, string>): Promise<Actions> {
  const { resourceActions } = await import('../action/index.ts')
  return resourceActions(settings, {
    warn: (message) => void process.stderr.write(`warning: ${message}\n`),
    now: () => new Date(),
  })
}

export function isMeant(object: KubeObject, { kind, resourceName, group }: ActionFlags): boolean {
  const key = keyOf(object)
  return (
    (kind === undefined || key.kind === kind) &&
    (resourceName === undefined || key.name === resourceName) &&
    (group === undefined || key.group === group)
  )
}

export function onlyOne(objects: KubeObject[], where: string): KubeObject {
  const [object, ...others] = objects
  if (!object) throw new CommandError(`${where} holds no such object`)
  if (others.length > 0) {
    const found = objects.slice(0, 5).map((candidate) => describeKey(keyOf(candidate)))
    throw new CommandError(
      `${where} holds ${objects.length} objects (${found.join(', ')}${others.length > 4 ? ', …' : ''}): say which with --kind and --resource-name`,
    )
  }
  return object
}

/** YAML documents, each headed by what is done, or one JSON list. */
export function printImpact(impacted: ImpactedResource[], format: string): string {
  if (format === 'json') return `${JSON.stringify(JSON.parse(stringifyJson(impacted)), null, 2)}\n`
  return impacted
    .map(({ operation, resource }) => `--- # ${operation} ${describeKey(keyOf(resource))}\n${printYaml(resource)}`)
    .join('')
}
