/** The objects of applications, straight from the cluster. */
import type { ApiResource, KubeClient, Target } from '../../kube/kube-client.ts'
import {
  type Application,
  describeKey,
  groupOf,
  type KubeObject,
  keyOf,
  keyText,
  parseJson,
  versionOf,
} from '../../model/index.ts'
import { openActions } from '../actions.ts'
import { CommandError } from '../exit-code.ts'
import { definedOf } from '../words.ts'
import { mustBePermitted } from './action-permission.ts'
import { type ApplicationObjects, isChosen, type ObjectChoice } from './application-objects.ts'
import { resourcesOf } from './applications.ts'
import { podLines } from './pod-lines.ts'

export function objectsInCluster(client: KubeClient, namespace: string): ApplicationObjects {
  async function settings(): Promise<Record<string, string>> {
    const found = await client.get({ group: '', version: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-cm' })
    return (found?.data ?? {}) as Record<string, string>
  }
  const find = (application: Application, choice: ObjectChoice) => objectsOf(client, application, choice)

  return {
    find,
    patch: (_application, object, { text, type }) => client.patch(targetOf(object), parsedPatch(text), { type }),
    async delete(_application, object, { force, orphan }) {
      const uid = object.metadata.uid ?? ''
      const how = orphan ? 'Orphan' : force ? 'Background' : 'Foreground'
      const options = { propagationPolicy: how, ...(force && { gracePeriodSeconds: 0 }) } as const
      await client.delete(targetOf(object), { ...options, preconditions: { uid } })
    },
    async actions(_application, objects) {
      const known = await openActions(await settings())
      return objects.map((object) => ({ object, actions: known.list(object) }))
    },
    async runAction(application, object, { name, parameters }) {
      const texts = await settings()
      const impacted = (await openActions(texts)).run(object, name, parameters)
      await mustBePermitted(client, { application, impacted, settings: texts })
      const { carryOut } = await import('../../action/index.ts')
      return carryOut(client, object, impacted)
    },
    async *logs(application, choice, signal) {
      const { container, follow, previous, tailLines, sinceSeconds, untilTime, filter, matchCase, ...owner } = choice
      const pods = await podsOf(client, application, owner)
      const options = { container, follow, previous, tailLines, sinceSeconds }
      const wanted = { filter, matchCase, untilTime }
      yield* podLines(client, pods, { options: { ...definedOf(options), signal }, ...definedOf(wanted) })
    },
  }
}

function parsedPatch(text: string): unknown {
  try {
    return parseJson(text)
  } catch (cause) {
    throw new CommandError(`the patch is no JSON: ${text.slice(0, 100)}`, { cause })
  }
}

function targetOf(object: KubeObject): Target {
  return { ...keyOf(object), version: versionOf(object.apiVersion) }
}

/** Those that the application manages and, where a kind is chosen of which it manages none, those that they own. */
async function objectsOf(client: KubeClient, application: Application, choice: ObjectChoice): Promise<KubeObject[]> {
  const managed = resourcesOf(application).filter((target) => isChosen(target, choice))
  const found = (await Promise.all(managed.map((target) => client.get(target)))).filter((one) => one !== undefined)
  if (found.length > 0 || choice.kind === undefined) return found
  return ownedObjects(client, application, { ...choice, kind: choice.kind })
}

async function ownedObjects(
  client: KubeClient,
  application: Application,
  choice: ObjectChoice & { kind: string },
): Promise<KubeObject[]> {
  const { kind, name, group } = choice
  const namespace = choice.namespace ?? application.spec.destination.namespace ?? ''
  const kinds = (await client.apiResources()).all.filter(
    (entry) => entry.kind === kind && (group === undefined || entry.group === group),
  )
  const candidates: KubeObject[] = []
  for (const one of kinds) candidates.push(...(await candidatesOf(client, one, { namespace, name })))
  const owned: KubeObject[] = []
  for (const object of candidates) {
    if (await belongsTo(client, application, object)) owned.push(object)
    else if (name !== undefined)
      throw new CommandError(
        `${describeKey(keyOf(object))} does not belong to application ${application.metadata.name}`,
      )
  }
  return owned
}

async function candidatesOf(
  client: KubeClient,
  kind: ApiResource,
  { namespace, name }: { namespace: string; name: string | undefined },
): Promise<KubeObject[]> {
  const place = kind.namespaced ? namespace : ''
  if (name !== undefined) {
    const { group, version, kind: word } = kind
    const object = await client.get({ group, version, kind: word, namespace: place, name })
    return object ? [object] : []
  }
  const objects: KubeObject[] = []
  for await (const object of client.list(kind, { namespace: place })) objects.push(object)
  return objects
}

/** Up the owners to an object that the application manages. */
async function belongsTo(client: KubeClient, application: Application, object: KubeObject): Promise<boolean> {
  const managed = new Set(resourcesOf(application).map(keyText))
  let current: KubeObject | undefined = object
  for (let depth = 0; current && depth < 10; depth++) {
    if (managed.has(keyText(keyOf(current)))) return true
    const [owner]: NonNullable<KubeObject['metadata']['ownerReferences']> = current.metadata.ownerReferences ?? []
    if (!owner) break
    const [group, version] = [groupOf(owner.apiVersion), versionOf(owner.apiVersion)]
    const namespace: string = current.metadata.namespace ?? ''
    current = await client.get({ group, version, kind: owner.kind, namespace, name: owner.name })
  }
  return false
}

/** Pods of the chosen objects; of all, where none is chosen. */
async function podsOf(client: KubeClient, application: Application, owner: ObjectChoice): Promise<KubeObject[]> {
  const pods = await objectsOf(client, application, {
    kind: 'Pod',
    ...(owner.namespace && { namespace: owner.namespace }),
  })
  const isOpen = owner.kind === undefined && owner.name === undefined && owner.group === undefined
  const chosen = isOpen ? pods : pods.filter((pod) => isChosen(keyOf(pod), owner) || isOwnedBy(pod, owner))
  if (chosen.length > 0) return chosen
  throw new CommandError(`application ${application.metadata.name} has no such Pods`)
}

/** A ReplicaSet has the name of its Deployment and a hash. */
function isOwnedBy({ metadata }: KubeObject, { kind, name, group }: ObjectChoice): boolean {
  return (metadata.ownerReferences ?? []).some((owner) => {
    const isDirect = (kind === undefined || owner.kind === kind) && (name === undefined || owner.name === name)
    const isDeployment = owner.kind === 'ReplicaSet' && (kind === undefined || kind === 'Deployment')
    const deployment = owner.name.slice(0, owner.name.lastIndexOf('-'))
    const isMeant = isDirect || (isDeployment && (name === undefined || deployment === name))
    return isMeant && (group === undefined || groupOf(owner.apiVersion) === group)
  })
}
