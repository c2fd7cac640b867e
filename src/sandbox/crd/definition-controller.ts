/** Gives definitions their names, has their resources served, and cleans up after them. */
import type { Controller, ControllerClient } from '../controllers/controller.ts'
import type { CustomResources } from '../discovery/registry.ts'
import type { KubeObject } from '../object.ts'
import { sameValue } from './correlation.ts'
import { asDefinition } from './definition.ts'
import { cleanupFinalizer, settledStatus } from './naming.ts'
import type { CustomResourceDefinition } from './schema.ts'
import { servedResources } from './served.ts'

const definitions = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' }

/** How often objects that wait for their finalizers are looked at again. */
const pollMilliseconds = 100

export interface DefinitionControllerOptions {
  /** Writes as the API server itself does: under the manager kube-apiserver. */
  client: ControllerClient
  /** Takes the whole of what definitions serve, each time that changes. */
  serve(resources: CustomResources[]): void
  clock: () => Date
}

/** Starts with the definitions there are; from then on acts a tick after each change. */
export function startDefinitionController(options: DefinitionControllerOptions): Controller {
  const { client } = options
  let due: NodeJS.Timeout | undefined
  function look(): void {
    clearTimeout(due)
    const waiting = reconcile(options)
    due = waiting ? setTimeout(look, pollMilliseconds) : undefined
  }
  const end = client.watch(definitions, () => {
    clearTimeout(due)
    due = setTimeout(look, 0)
  })
  look()
  return {
    stop: () => {
      end()
      clearTimeout(due)
    },
  }
}

/** True when objects of a definition that goes still wait for their finalizers. */
function reconcile({ client, serve, clock }: DefinitionControllerOptions): boolean {
  const now = `${clock().toISOString().slice(0, 19)}Z`
  for (const { metadata } of client.list(definitions)) settle(client, metadata.name ?? '', now)
  const all = client.list(definitions).map(asDefinition)
  serve(servedResources(all))
  const going = all.filter(({ metadata }) => metadata.deletionTimestamp)
  return going.map((definition) => cleanUp(client, definition)).includes(false)
}

function settle(client: ControllerClient, name: string, now: string): void {
  const all = client.list(definitions).map(asDefinition)
  const definition = all.find(({ metadata }) => metadata.name === name)
  if (!definition || definition.metadata.deletionTimestamp) return
  const others = all.filter((other) => other !== definition)
  const status = settledStatus(definition, others, now)
  if (!sameValue(status as never, definition.status as never))
    client.updateStatus(definitions, { ...definition, status })
}

/** Deletes the objects of a definition that is going, then lets it go; false while some are left. */
function cleanUp(client: ControllerClient, definition: CustomResourceDefinition): boolean {
  const left = objectsOf(client, definition)
  for (const { metadata } of left) {
    const { namespace, name = '' } = metadata
    if (!metadata.deletionTimestamp) client.delete({ ...resourceName(definition), namespace, name })
  }
  if (objectsOf(client, definition).length > 0) return false
  const finalizers = (definition.metadata.finalizers ?? []).filter((finalizer) => finalizer !== cleanupFinalizer)
  client.update(definitions, { ...definition, metadata: { ...definition.metadata, finalizers } })
  return true
}

function resourceName({ spec }: CustomResourceDefinition) {
  const version = spec.versions.find(({ served }) => served)?.name ?? ''
  return { group: spec.group, version, resource: spec.names.plural }
}

function objectsOf(client: ControllerClient, definition: CustomResourceDefinition): KubeObject[] {
  const served = definition.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True')
  return served && resourceName(definition).version ? client.list(resourceName(definition)) : []
}
