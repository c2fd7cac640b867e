/** The objects that an installation consists of: settings, credentials, projects, applications and what is made of them. */
import type { KubeClient } from '../../kube/kube-client.ts'
import { annotation, groupOf, imageUpdaterGroup, type KubeObject, label, matchesAny } from '../../model/index.ts'
import { CommandError } from '../exit-code.ts'

/** Which other namespaces count: globs, and regular expressions between slashes. */
export interface Namespaces {
  applications: string[]
  applicationSets: string[]
}

/** It also says in which namespaces there are applications. */
const parametersName = 'argocd-cmd-params-cm'

const configMaps = [
  'argocd-cm',
  'argocd-rbac-cm',
  parametersName,
  'argocd-ssh-known-hosts-cm',
  'argocd-tls-certs-cm',
  'argocd-gpg-keys-cm',
  'argocd-notifications-cm',
  'argocd-image-updater-config',
  'argocd-image-updater-ssh-config',
]

/** Sessions that were signed out, and counts of failed logins. */
export const accessName = 'tiphys-access'
/** The password of a Redis that runs here. */
export const redisName = 'argocd-redis'

const secrets = [
  'argocd-secret',
  'argocd-notifications-secret',
  'argocd-image-updater-secret',
  'argocd-server-tls',
  redisName,
  accessName,
]

/** These belong to what runs in this cluster, and could not be brought into another. */
const secretsOfCluster = ['helm.sh/release.v1', 'kubernetes.io/service-account-token']

export function isSettings(object: KubeObject): boolean {
  return isCore(object, 'ConfigMap') && (configMaps.includes(object.metadata.name) || isLabelled(object))
}

/** Of repositories, their hosts and clusters: each is made and deleted by itself, as an application is. */
export function isCredentials(object: KubeObject): boolean {
  const { labels, annotations } = object.metadata
  return (
    isCore(object, 'Secret') &&
    (labels?.[label.secretType] !== undefined || annotations?.[annotation.managedBy] === 'argocd.argoproj.io')
  )
}

/** Of the installation itself, or named by its settings as `$name:key`. */
export function isOwnSecret(object: KubeObject): boolean {
  return isCore(object, 'Secret') && (secrets.includes(object.metadata.name) || isLabelled(object))
}

function isCore({ kind, apiVersion }: KubeObject, wanted: 'ConfigMap' | 'Secret'): boolean {
  return kind === wanted && groupOf(apiVersion) === ''
}

function isLabelled({ type, metadata }: KubeObject): boolean {
  return metadata.labels?.[label.partOf] === 'argocd' && !secretsOfCluster.includes(type as string)
}

/** Argo CD's own kinds. */
export function isOwnKind({ kind, apiVersion }: KubeObject): boolean {
  return groupOf(apiVersion) === 'argoproj.io' && ['AppProject', 'Application', 'ApplicationSet'].includes(kind)
}

export function isImageUpdater({ kind, apiVersion }: KubeObject): boolean {
  return kind === 'ImageUpdater' && groupOf(apiVersion) === imageUpdaterGroup
}

/** In the order in which they can be made: what others need comes first, and nothing acts before it knows all of that. */
export async function installationObjects(
  client: KubeClient,
  { namespace, others }: { namespace: string; others: Namespaces },
): Promise<KubeObject[]> {
  const settings = (await listed(client, { group: '', kind: 'ConfigMap' }, namespace)).filter(isSettings)
  const credentials = (await listed(client, { group: '', kind: 'Secret' }, namespace)).filter(
    (object) => isCredentials(object) || isOwnSecret(object),
  )
  const own = { group: 'argoproj.io' }
  const projects = await listed(client, { ...own, kind: 'AppProject' }, namespace)
  const updaters = await listed(client, { group: imageUpdaterGroup, kind: 'ImageUpdater' }, namespace)
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
  return [...settings, ...credentials, ...projects, ...applications, ...sets, ...updaters]
}

interface Kind {
  group: string
  kind: string
}

async function listed(client: KubeClient, { group, kind }: Kind, namespace: string | undefined): Promise<KubeObject[]> {
  const resource = (await client.apiResources()).find(group, kind)
  if (!resource) {
    if (kind === 'ApplicationSet' || kind === 'ImageUpdater') return []
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
  return home === namespace || matchesAny(globs, home)
}

function placeText({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`
}

export interface NamespaceFlags {
  applicationNamespaces?: string[]
  applicationsetNamespaces?: string[]
}

/** As argocd-cmd-params-cm of the cluster has it, where the flags say nothing. */
export async function otherNamespaces(
  client: KubeClient,
  namespace: string,
  given: NamespaceFlags,
): Promise<Namespaces> {
  const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace, name: parametersName }
  return namespacesOf(await client.get(target), given)
}

/** The same of a backup: once it is brought back, its settings count. */
export function namespacesIn(objects: KubeObject[], given: NamespaceFlags): Namespaces {
  const parameters = objects.find((object) => isCore(object, 'ConfigMap') && object.metadata.name === parametersName)
  return namespacesOf(parameters, given)
}

function namespacesOf(parameters: KubeObject | undefined, given: NamespaceFlags): Namespaces {
  const data = (parameters?.data ?? {}) as Record<string, string>
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
