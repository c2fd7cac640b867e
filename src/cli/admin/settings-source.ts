/** Where `admin settings` reads settings: files, or the cluster. */
import type { Command } from 'commander'
import type { AppProject, KubeObject } from '../../model/index.ts'
import { addConnectionFlags, type ConnectionFlags, withCluster } from '../connection.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import { readObjects } from '../objects.ts'

export interface SettingsFlags extends ConnectionFlags {
  argocdCmPath?: string
  argocdSecretPath?: string
  loadClusterSettings?: boolean
}

type Data = Record<string, string>

export interface InstallationSettings {
  /** argocd-cm. */
  settings: Data
  /** argocd-cmd-params-cm. */
  parameters: Data
  /** argocd-rbac-cm; undefined where it was not looked for. */
  policy: Data | undefined
  secret(name: string): KubeObject | undefined
}

export function addSettingsFlags(command: Command): Command {
  return addConnectionFlags(command)
    .option('--argocd-cm-path <file>', 'argocd-cm, and other ConfigMaps of the installation')
    .option('--argocd-secret-path <file>', 'argocd-secret, and other Secrets of the installation')
    .option('--load-cluster-settings', 'from the cluster, what no file gives')
}

export async function readInstallation(flags: SettingsFlags): Promise<InstallationSettings> {
  const { argocdCmPath, argocdSecretPath, loadClusterSettings } = flags
  if (!argocdCmPath && !loadClusterSettings) {
    throw new CommandError('say where the settings are: --argocd-cm-path FILE, or --load-cluster-settings', {
      code: exitCode.usage,
    })
  }
  const files = await readObjects([argocdCmPath, argocdSecretPath].filter((file) => file !== undefined))
  const stored = loadClusterSettings ? await withCluster(flags, (client) => storedObjects(client, flags.namespace)) : []
  const find = (kind: string, name: string) =>
    [...files, ...stored].find((object) => object.kind === kind && object.metadata.name === name)
  const dataOf = (name: string) => find('ConfigMap', name)?.data as Data | undefined
  const settings = dataOf('argocd-cm')
  if (!settings && argocdCmPath) throw new CommandError(`${argocdCmPath} holds no ConfigMap argocd-cm`)
  return {
    settings: settings ?? {},
    parameters: dataOf('argocd-cmd-params-cm') ?? {},
    policy: dataOf('argocd-rbac-cm'),
    secret: (name) => withDecoded(find('Secret', name)),
  }
}

async function storedObjects(client: Parameters<Parameters<typeof withCluster>[1]>[0], namespace: string) {
  const objects: KubeObject[] = []
  for (const kind of ['ConfigMap', 'Secret']) {
    const resource = (await client.apiResources()).find('', kind)
    if (!resource) continue
    for await (const object of client.list(resource, { namespace })) objects.push(object)
  }
  return objects
}

/** What a file gives in plain text counts as the cluster would keep it. */
function withDecoded(secret: KubeObject | undefined): KubeObject | undefined {
  const { stringData, ...rest } = (secret ?? {}) as KubeObject & { stringData?: Data }
  if (!secret || !stringData) return secret
  const added = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(text).toString('base64')])
  return { ...rest, data: { ...(rest.data as Data), ...Object.fromEntries(added) } }
}

export function textsOf(secret: KubeObject | undefined): Data {
  const entries = Object.entries((secret?.data ?? {}) as Data)
  return Object.fromEntries(entries.map(([key, text]) => [key, Buffer.from(text, 'base64').toString('utf8')]))
}

export async function projectsIn(flags: ConnectionFlags): Promise<Map<string, AppProject>> {
  return withCluster(flags, async (client) => {
    const projects = new Map<string, AppProject>()
    const resource = (await client.apiResources()).find('argoproj.io', 'AppProject')
    for await (const object of resource ? client.list(resource, { namespace: flags.namespace }) : []) {
      projects.set(object.metadata.name, object as AppProject)
    }
    return projects
  })
}
