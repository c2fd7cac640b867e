/** `tiphys app actions`: what can be done to the objects of an application, and doing it. */
import { Command } from 'commander'
import type { ApiResource, KubeClient, Target } from '../../kube/kube-client.ts'
import {
  type Application,
  describeKey,
  groupOf,
  type KubeObject,
  keyOf,
  keyText,
  versionOf,
} from '../../model/index.ts'
import {
  type ActionFlags,
  addActionFlags,
  impactOutput,
  isMeant,
  onlyOne,
  openActions,
  parameterOption,
  printImpact,
} from '../actions.ts'
import { addConnectionFlags, type ConnectionFlags, withCluster } from '../connection.ts'
import { CommandError } from '../exit-code.ts'
import { mustBePermitted } from './action-permission.ts'
import { applicationsOf } from './applications.ts'

interface Flags extends ConnectionFlags, ActionFlags {
  resourceNamespace?: string
}

export function actionsCommand(): Command {
  return new Command('actions')
    .description('what can be done to the objects of an application')
    .addCommand(list())
    .addCommand(run())
}

function command(name: string): Command {
  return addActionFlags(addConnectionFlags(new Command(name))).option(
    '--resource-namespace <namespace>',
    'namespace of the object',
  )
}

function list(): Command {
  return command('list')
    .description('the actions of each object: a line of JSON for each')
    .argument('<name>')
    .action(async (name: string, flags: Flags) => {
      const lines = await withCluster(flags, async (client) => {
        const application = await applicationsOf(client, flags.namespace).get(name)
        const actions = await openActions(await settingsOf(client, flags.namespace))
        const objects = await objectsOf(client, application, flags)
        return objects.map((object) => ({ ...keyOf(object), actions: actions.list(object) }))
      })
      const useful = lines.filter(({ actions }) => actions.length > 0)
      process.stdout.write(useful.map((line) => `${JSON.stringify(line)}\n`).join(''))
    })
}

function run(): Command {
  return command('run')
    .description('run an action on one object; what it has patched or created is printed')
    .argument('<name>')
    .argument('<action>', 'one of "tiphys app actions list"')
    .addOption(parameterOption())
    .addOption(impactOutput())
    .action(async (name: string, action: string, flags: Flags & { output: string }) => {
      const done = await withCluster(flags, async (client) => {
        const application = await applicationsOf(client, flags.namespace).get(name)
        const settings = await settingsOf(client, flags.namespace)
        const actions = await openActions(settings)
        const object = onlyOne(await objectsOf(client, application, flags), `application ${name}`)
        const impacted = actions.run(object, action, flags.param)
        await mustBePermitted(client, { application, impacted, settings })
        const { carryOut } = await import('../../action/index.ts')
        return carryOut(client, object, impacted)
      })
      process.stdout.write(printImpact(done, flags.output))
    })
}

async function settingsOf(client: KubeClient, namespace: string): Promise<Record<string, string>> {
  const found = await client.get({ group: '', version: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-cm' })
  return (found?.data ?? {}) as Record<string, string>
}

/** Those that the application manages and, where one is named, those that they own. */
async function objectsOf(client: KubeClient, application: Application, flags: Flags): Promise<KubeObject[]> {
  const read = await Promise.all(
    managedBy(application)
      .filter((target) => isNamed(target, flags))
      .map((target) => client.get(target)),
  )
  const found = read.filter((object) => object !== undefined)
  if (found.length > 0 || !flags.kind || !flags.resourceName) return found
  return ownedObject(client, application, { ...flags, kind: flags.kind, resourceName: flags.resourceName })
}

function managedBy(application: Application): Target[] {
  return (application.status?.resources ?? []).map(
    ({ group = '', version = '', kind = '', namespace = '', name = '' }) => ({
      group,
      version,
      kind,
      namespace,
      name,
    }),
  )
}

function isNamed({ group, kind, namespace, name }: Target, flags: Flags): boolean {
  return (
    (flags.kind === undefined || flags.kind === kind) &&
    (flags.resourceName === undefined || flags.resourceName === name) &&
    (flags.group === undefined || flags.group === group) &&
    (flags.resourceNamespace === undefined || flags.resourceNamespace === namespace)
  )
}

async function ownedObject(
  client: KubeClient,
  application: Application,
  flags: Flags & { kind: string; resourceName: string },
): Promise<KubeObject[]> {
  const { kind, resourceName, group } = flags
  const namespace = flags.resourceNamespace ?? application.spec.destination.namespace ?? ''
  const resources = (await client.apiResources()).all.filter(
    (entry) => entry.kind === kind && (group === undefined || entry.group === group),
  )
  const read = await Promise.all(resources.map((resource) => client.get(targetOf(resource, namespace, resourceName))))
  const found = read.filter((object) => object !== undefined && isMeant(object, flags)) as KubeObject[]
  for (const object of found) await mustBelong(client, application, object)
  return found
}

function targetOf({ group, version, kind, namespaced }: ApiResource, namespace: string, name: string) {
  return { group, version, kind, namespace: namespaced ? namespace : '', name }
}

/** Up the owners to an object that the application manages. */
async function mustBelong(client: KubeClient, application: Application, object: KubeObject): Promise<void> {
  const managed = new Set(managedBy(application).map(keyText))
  let current: KubeObject | undefined = object
  for (let depth = 0; current && depth < 10; depth++) {
    if (managed.has(keyText(keyOf(current)))) return
    const [owner]: NonNullable<KubeObject['metadata']['ownerReferences']> = current.metadata.ownerReferences ?? []
    if (!owner) break
    const [group, version] = [groupOf(owner.apiVersion), versionOf(owner.apiVersion)]
    const namespace: string = current.metadata.namespace ?? ''
    current = await client.get({ group, version, kind: owner.kind, namespace, name: owner.name })
  }
  throw new CommandError(`${describeKey(keyOf(object))} does not belong to application ${application.metadata.name}`)
}
