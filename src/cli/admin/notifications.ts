/** `tiphys admin notifications`: what is configured, asked and tried straight on the cluster. */
import { Command } from 'commander'
import type { KubeClient } from '../../kube/kube-client.ts'
import { isNotFound } from '../../kube/kube-error.ts'
import type { Application, KubeObject } from '../../model/index.ts'
import { type NotificationSettings, openCourier, preview, readConfiguration, sendOnce } from '../../notify/index.ts'
import { addConnectionFlags, type ConnectionFlags, withCluster } from '../connection.ts'
import { CommandError } from '../exit-code.ts'
import { printTable, printYaml } from '../output.ts'

export function notificationsCommand(): Command {
  const trigger = new Command('trigger')
    .description('when notifications are sent')
    .addCommand(listCommand('trigger', triggerRows))
    .addCommand(runCommand())
  const template = new Command('template')
    .description('what notifications say')
    .addCommand(listCommand('template', templateRows))
    .addCommand(notifyCommand())
  return new Command('notifications').addCommand(trigger).addCommand(template)
}

type Rows = (settings: NotificationSettings) => string[][]

const triggerRows: Rows = ({ triggers }) =>
  [...triggers].flatMap(([name, conditions]) => conditions.map(({ source, send }) => [name, source, send.join(',')]))
const templateRows: Rows = ({ templates }) => [...templates.keys()].map((name) => [name])

function listCommand(what: 'trigger' | 'template', rows: Rows): Command {
  const titles = what === 'trigger' ? ['NAME', 'WHEN', 'TEMPLATES'] : ['NAME']
  return addConnectionFlags(new Command('get'))
    .description(`the ${what}s, or one of them; what is wrong goes to standard error`)
    .argument('[name]')
    .action(async (name: string | undefined, flags: ConnectionFlags) => {
      const settings = await withCluster(flags, (client) => settingsOf(client, flags.namespace))
      for (const problem of settings.problems) process.stderr.write(`${problem}\n`)
      const found = rows(settings).filter(([known]) => name === undefined || known === name)
      if (name !== undefined && found.length === 0)
        throw new CommandError(`there is no ${what} ${JSON.stringify(name)}`)
      process.stdout.write(printTable(titles, found.sort()))
    })
}

function runCommand(): Command {
  return addConnectionFlags(new Command('run'))
    .description('ask the conditions of a trigger about an application; nothing is sent')
    .argument('<name>')
    .argument('<application>')
    .action(async (name: string, application: string, flags: ConnectionFlags) => {
      const { settings, subject } = await inputs(application, flags)
      const rows = preview(settings, subject).trigger(name)
      if (!rows) throw new CommandError(`there is no trigger ${JSON.stringify(name)}`)
      const cells = rows.map(({ condition, triggered, oncePer, problem }) => [
        condition,
        problem ?? (triggered ? 'true' : 'false'),
        oncePer,
      ])
      process.stdout.write(printTable(['CONDITION', 'RESULT', 'ONCE PER'], cells))
    })
}

function notifyCommand(): Command {
  return addConnectionFlags(new Command('notify'))
    .description('print what a template says of an application, or send it')
    .argument('<name>')
    .argument('<application>')
    .option('--recipient <service:recipient>', 'send it there, once')
    .action(async (name: string, application: string, flags: ConnectionFlags & { recipient?: string }) => {
      const { settings, subject, certificates } = await inputs(application, flags)
      const [service = '', ...rest] = (flags.recipient ?? 'console:stdout').split(':')
      const destination = { service, recipient: rest.join(':') }
      const notification = preview(settings, subject).template(name, destination)
      if (!notification) throw new CommandError(`there is no template ${JSON.stringify(name)}`)
      if (flags.recipient === undefined) process.stdout.write(printYaml(notification))
      else await send(settings, { notification, ...destination, certificates })
    })
}

interface Sending extends Omit<Parameters<typeof sendOnce>[1], 'courier'> {
  /** Of argocd-tls-certs-cm, by host. */
  certificates: Record<string, string>
}

async function send(settings: NotificationSettings, { certificates, ...given }: Sending): Promise<void> {
  const courier = openCourier({
    // Whoever runs this has the machine: its own addresses are theirs.
    isRefused: () => false,
    timeLimitMs: 10_000,
    authoritiesOf: (url) => certificates[new URL(url).hostname],
    env: process.env,
  })
  try {
    await sendOnce(settings, { ...given, courier })
  } finally {
    await courier.close()
  }
}

async function inputs(name: string, flags: ConnectionFlags) {
  const { namespace } = flags
  return withCluster(flags, async (client) => {
    const target = { group: 'argoproj.io', version: 'v1alpha1', namespace }
    const application = (await client.get({ ...target, kind: 'Application', name })) as Application
    const project = await optional(client.get({ ...target, kind: 'AppProject', name: application.spec.project }))
    const core = { group: '', version: 'v1', namespace }
    const trusted = await optional(client.get({ ...core, kind: 'ConfigMap', name: 'argocd-tls-certs-cm' }))
    const settings = await settingsOf(client, namespace)
    return { settings, subject: { application, project }, certificates: textsOf(trusted) }
  })
}

async function settingsOf(client: KubeClient, namespace: string): Promise<NotificationSettings> {
  const core = { group: '', version: 'v1', namespace }
  const [map, secret, general] = await Promise.all([
    optional(client.get({ ...core, kind: 'ConfigMap', name: 'argocd-notifications-cm' })),
    optional(client.get({ ...core, kind: 'Secret', name: 'argocd-notifications-secret' })),
    optional(client.get({ ...core, kind: 'ConfigMap', name: 'argocd-cm' })),
  ])
  return readConfiguration({
    map: textsOf(map),
    secret: Object.fromEntries(Object.entries(textsOf(secret)).map(([key, value]) => [key, decoded(value)])),
    url: textsOf(general).url ?? '',
  })
}

function textsOf(object: KubeObject | undefined): Record<string, string> {
  return (object?.data ?? {}) as Record<string, string>
}

async function optional(request: Promise<KubeObject | undefined>): Promise<KubeObject | undefined> {
  return request.catch((error: unknown): undefined => {
    if (isNotFound(error)) return undefined
    throw error
  })
}

function decoded(value: string): string {
  return Buffer.from(value, 'base64').toString('utf8')
}
