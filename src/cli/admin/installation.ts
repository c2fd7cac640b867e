/** The objects that an installation consists of: settings, credentials, projects, applications and ApplicationSets. */
import type { KubeClient } from '../../kube/kube-client.ts'
import { annotation, groupOf, type KubeObject, label, matchesGlob } from '../../model/index.ts'
import { CommandError } from '../exit-code.ts'

/** Which other namespaces count; globs. */
export interface Namespaces {
  applications: string[]
  applicationSets: string[]
}

const configMaps = [
  'argocd-cm',
  'argocd-rbac-cm',
  'argocd-cmd-params-cm',
  'argocd-ssh-known-hosts-cm',
  'argocd-tls-certs-cm',
  'argocd-gpg-keys-cm',
]

export function isSettings({ kind, apiVersion, metadata }: KubeObject): boolean {
  return kind === 'ConfigMap' && groupOf(apiVersion) === '' && configMaps.includes(metadata.name)
}

export function isCredentials({ kind, apiVersion, metadata }: KubeObject): boolean {
  if (kind !== 'Secret' || groupOf(apiVersion) !== '') return false
  return (
    metadata.name === 'argocd-secret' ||
    metadata.labels?.[label.secretType] !== undefined ||
    metadata.annotations?.[annotation.managedBy] === 'argocd.argoproj.io'
  )
}

/** Argo CD's own kinds. */
export const ownKinds = ['AppProject', 'Application', 'ApplicationSet'] as const

export function isOwnKind({ kind, apiVersion }: KubeObject): boolean {
  return groupOf(apiVersion) === 'argoproj.io' && ownKinds.some((own) => own === kind)
}

/** In the order in which they can be made: what others need comes first. */
export async function installationObjects(
  client: KubeClient,
  { namespace, others }: { namespace: string; others: Namespaces },
): Promise<KubeObject[]> {
  const settings = (await listed(client, { group: '', kind: 'ConfigMap' }, namespace)).filter(isSettings)
  const credentials = (await listed(client, { group: '', kind: 'Secret' }, namespace)).filter(isCredentials)
  const own = { group: 'argoproj.io' }
  const projects = await listed(client, { ...own, kind: 'AppProject' }, namespace)
  const applications = await inNamespaces(
    client,
    { ...own, kind: 'Application' },
    { namespace, globs: others.applications },
  )
  const sets = await inNamespaces(
    client,
    { ...own, kind: 'ApplicationSet' },
    { namespace, globs: others.applicationSets },
  )
  return [...settings, ...credentials, ...projects, ...applications, ...sets]
}

interface Kind {
  group: string
  kind: string
}

async function listed(client: KubeClient, { group, kind }: Kind, namespace: string | undefined): Promise<KubeObject[]> {
  const resource = (await client.apiResources()).find(group, kind)
  if (!resource) {
    if (kind === 'ApplicationSet') return []
    throw new CommandError(
      `the cluster does not know ${kind}: install the definitions with "tiphys crds | kubectl apply -f -"`,
    )
  }
  const objects: KubeObject[] = []
  for await (const object of client.list(resource, namespace === undefined ? {} : { namespace })) objects.push(object)
  return objects.sort((one, other) => placeText(one).localeCompare(placeText(other)))
}

async function inNamespaces(
  client: KubeClient,
  kind: Kind,
  { namespace, globs }: { namespace: string; globs: string[] },
): Promise<KubeObject[]> {
  if (globs.length === 0) return listed(client, kind, namespace)
  return (await listed(client, kind, undefined)).filter((object) => isIn(object, { namespace, globs }))
}

export function isIn({ metadata }: KubeObject, { namespace, globs }: { namespace: string; globs: string[] }): boolean {
  const home = metadata.namespace || namespace
  return home === namespace || globs.some((glob) => matchesGlob(glob, home))
}

function placeText({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`
}

/** As argocd-cmd-params-cm has it, where the flags say nothing. */
export async function otherNamespaces(
  client: KubeClient,
  namespace: string,
  given: { applicationNamespaces?: string[]; applicationsetNamespaces?: string[] },
): Promise<Namespaces> {
  const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-cmd-params-cm' }
  const data = ((await client.get(target))?.data ?? {}) as Record<string, string>
  const globs = (key: string) =>
    (data[key] ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean)
  return {
    applications: given.applicationNamespaces ?? globs('application.namespaces'),
    applicationSets: given.applicationsetNamespaces ?? globs('applicationsetcontroller.namespaces'),
  }
}
