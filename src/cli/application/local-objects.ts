/** What an application would render to from a folder on this machine. */
import { existsSync } from 'node:fs'
import { type Application, type KubeObject, sourcesOf } from '../../model/index.ts'
import { renderDesired } from '../desired.ts'
import { CommandError } from '../exit-code.ts'

export async function localObjects(
  { metadata, spec }: Application,
  folder: string,
  cluster: { version: string; apiVersions: string[] },
): Promise<KubeObject[]> {
  if (!existsSync(folder)) throw new CommandError(`there is no folder ${folder}`)
  const { rendered } = await renderDesired(
    {
      name: metadata.name,
      namespace: metadata.namespace ?? 'argocd',
      project: spec.project,
      destinationNamespace: spec.destination.namespace ?? '',
      sources: sourcesOf(spec),
      allowLocal: false,
      cluster,
    },
    folder,
  )
  return rendered.flatMap(({ manifests }) => manifests.map(({ object }) => object))
}
