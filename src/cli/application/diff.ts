/** `app diff`: renders what the application names and asks the server what applying it would change. */
import { existsSync } from 'node:fs'
import type { KubeClient } from '../../kube/kube-client.ts'
import { type Application, instanceName, messageOf, type ObjectComparison, sourcesOf } from '../../model/index.ts'
import { rulesFrom, withJq } from '../comparison-rules.ts'
import { describeComparison } from '../describe-comparison.ts'
import { renderDesired } from '../desired.ts'
import { differences } from '../differences.ts'
import { CommandError } from '../exit-code.ts'
import { type OutputFormat, printJson, printYaml } from '../output.ts'

export interface DiffFlags {
  revision?: string
  local?: string
  allowLocal?: boolean
  exitCode: boolean
  all?: boolean
  output: OutputFormat
  namespace: string
}

interface Context {
  client: KubeClient
  flags: DiffFlags
  print(text: string): void
}

/** Resolves to whether there are differences. */
export async function diffApplication(application: Application, { client, flags, print }: Context): Promise<boolean> {
  const { metadata, spec } = application
  if (flags.local !== undefined && !existsSync(flags.local)) throw new CommandError(`there is no folder ${flags.local}`)
  const resources = await client.apiResources()
  const sources = sourcesOf(spec).map((source) =>
    flags.revision ? { ...source, targetRevision: flags.revision } : source,
  )
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
      wasSynced: wasSynced(application, desired.revisions),
    }),
  )
  const found = [...compared, ...extras(application)]
  if (flags.output === 'json') print(printJson(found))
  else if (flags.output === 'yaml') print(printYaml(found))
  else print(found.map((one) => describeComparison(one, { now: new Date(), all: flags.all === true })).join(''))
  return found.some(({ verdict }) => verdict !== 'synced')
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
