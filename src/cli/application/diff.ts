/** `app diff`: renders what the application names and asks the server what applying it would change. */
import { existsSync } from 'node:fs'
import type { KubeClient } from '../../kube/kube-client.ts'
import { type Application, instanceName, sourcesOf } from '../../model/index.ts'
import { renderDesired } from '../desired.ts'
import { describeDifference, differences, type ResourceDifference } from '../differences.ts'
import { CommandError } from '../exit-code.ts'
import { type OutputFormat, printJson, printYaml } from '../output.ts'

export interface DiffFlags {
  revision?: string
  local?: string
  allowLocal?: boolean
  exitCode: boolean
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
  const found = [
    ...(await differences({
      client,
      objects,
      namespace: spec.destination.namespace ?? '',
      instance: instanceName(application, flags.namespace),
    })),
    ...extras(application),
  ]
  if (flags.output === 'json') print(printJson(found))
  else if (flags.output === 'yaml') print(printYaml(found))
  else print(found.map(describeDifference).join(''))
  return found.length > 0
}

/** What the controller has found beyond what is declared. */
function extras({ status }: Application): ResourceDifference[] {
  const pruned = (status?.resources ?? []).filter(({ requiresPruning }) => requiresPruning)
  return pruned.map(({ group = '', kind = '', namespace = '', name = '' }) => ({
    group,
    kind,
    namespace,
    name,
    difference: 'extra',
    fields: [],
  }))
}
