/** `app diff`: renders what the application names and asks the server what applying it would change. */
import { existsSync } from 'node:fs'
import type { KubeClient } from '../../kube/kube-client.ts'
import {
  type Application,
  instanceName,
  type KubeObject,
  messageOf,
  type ObjectComparison,
  sourcesOf,
} from '../../model/index.ts'
import { rulesFrom, withJq } from '../comparison-rules.ts'
import { renderDesired } from '../desired.ts'
import { differences } from '../differences.ts'
import { CommandError } from '../exit-code.ts'
import type { OutputFormat } from '../output.ts'
import { type RevisionFlags, revisionsOf } from './operation.ts'

export interface DesiredFlags extends RevisionFlags {
  local?: string
  allowLocal?: boolean
  /** Of Tiphys. */
  namespace: string
}

export interface DiffFlags extends DesiredFlags {
  exitCode: boolean
  all?: boolean
  refresh?: boolean
  hardRefresh?: boolean
  output: OutputFormat
}

/** Renders what the application names. */
export async function desiredObjects(
  application: Application,
  { client, flags }: { client: KubeClient; flags: DesiredFlags },
): Promise<{ objects: KubeObject[]; revisions: string[] }> {
  const { metadata, spec } = application
  if (flags.local !== undefined && !existsSync(flags.local)) throw new CommandError(`there is no folder ${flags.local}`)
  const resources = await client.apiResources()
  const { revision, revisions = [] } = revisionsOf(application, flags)
  const sources = sourcesOf(spec).map((source, index) => {
    const targetRevision = revisions[index] || revision
    return targetRevision ? { ...source, targetRevision } : source
  })
  const desired = await renderDesired(
    {
      name: metadata.name,
      namespace: metadata.namespace ?? flags.namespace,
      project: spec.project,
      destinationNamespace: spec.destination.namespace ?? '',
      sources,
      allowLocal: flags.allowLocal === true,
      cluster: { version: resources.version, apiVersions: resources.versions },
    },
    flags.local,
  )
  const objects = desired.rendered.flatMap(({ manifests }) => manifests.map(({ object }) => object))
  return { objects, revisions: desired.revisions }
}

export async function diffApplication(
  application: Application,
  { client, flags }: { client: KubeClient; flags: DiffFlags },
): Promise<ObjectComparison[]> {
  const { spec } = application
  const { objects, revisions } = await desiredObjects(application, { client, flags })
  const texts = {
    settings: await settingsOf(client, 'argocd-cm', flags.namespace),
    parameters: await settingsOf(client, 'argocd-cmd-params-cm', flags.namespace),
  }
  const compared = await withJq(texts, async (settings, jq) =>
    differences({
      client,
      objects,
      namespace: spec.destination.namespace ?? '',
      rules: await rulesFrom(application, settings, jq),
      instance: instanceName(application, flags.namespace),
      wasSynced: wasSynced(application, revisions),
    }),
  )
  return [...compared, ...extras(application)]
}

/** Those who may see applications may not always see the settings. */
async function settingsOf(client: KubeClient, name: string, namespace: string): Promise<Record<string, string>> {
  try {
    const map = await client.get({ group: '', version: 'v1', kind: 'ConfigMap', namespace, name })
    return (map?.data ?? {}) as Record<string, string>
  } catch (error) {
    process.stderr.write(`warning: ${name} cannot be read, and does not count: ${messageOf(error)}\n`)
    return {}
  }
}

/** This very revision has been synced: a field that is missing now was removed by somebody. */
function wasSynced({ status }: Application, revisions: string[]): boolean {
  const { phase, syncResult } = status?.operationState ?? {}
  const synced = syncResult?.revisions ?? [syncResult?.revision]
  return phase === 'Succeeded' && synced.join() === revisions.join()
}

/** What the controller has found beyond what is declared. */
function extras({ status }: Application): ObjectComparison[] {
  const pruned = (status?.resources ?? []).filter(({ requiresPruning }) => requiresPruning)
  return pruned.map(({ group = '', kind = '', namespace = '', name = '' }) => ({
    group,
    kind,
    namespace,
    name,
    verdict: 'extra',
    fields: [],
    ignored: [],
    undeclared: [],
  }))
}
