/** `tiphys render`: the manifests of a folder or repository, with no cluster. */
import { basename, resolve } from 'node:path'
import { Command } from 'commander'
import type { ApplicationSource, KubeObject } from '../model/index.ts'
import { addSpecFlags, type SpecFlags } from './application/flags.ts'
import { withSourceFlags } from './application/source-flags.ts'
import { printYaml } from './output.ts'

export interface RenderFlags extends SpecFlags {
  name?: string
  allowLocal?: boolean
  kubeVersion: string
  apiVersions?: string[]
}

const collect = (value: string, previous: string[] = []) => [...previous, value]

export function addRenderFlags(command: Command): Command {
  return addSpecFlags(command)
    .option('--name <name>', "the application's name, which charts see as the release's")
    .option('--allow-local', 'allow repositories on the local disk or on loopback addresses by URL')
    .option('--api-versions <version>', 'API version that charts find in the cluster', collect)
}

export function renderCommand(): Command {
  return addRenderFlags(new Command('render').argument('<place>', 'a folder, or the URL of a Git repository'))
    .option('--kube-version <version>', 'Kubernetes version that charts find', 'v1.36.0')
    .action(async (place: string, flags: RenderFlags) => {
      const objects = await renderPlace(place, flags, {
        version: flags.kubeVersion,
        apiVersions: flags.apiVersions ?? [],
      })
      process.stdout.write(objects.map((object) => `---\n${printYaml(object)}`).join(''))
    })
}

export async function renderPlace(
  place: string,
  flags: RenderFlags,
  cluster: { version: string; apiVersions: string[] },
): Promise<KubeObject[]> {
  // Loaded only by the commands that render: the others start faster.
  const { isFolder, renderDesired } = await import('./desired.ts')
  const folder = isFolder(place) ? resolve(place) : undefined
  const base: ApplicationSource = { repoURL: folder ?? place, path: '.' }
  const source = withSourceFlags(base, { ...flags, repo: folder ?? place })
  const { rendered } = await renderDesired(
    {
      name: flags.name ?? basename(flags.path ?? folder ?? place, '.git'),
      namespace: 'argocd',
      project: flags.project ?? 'default',
      destinationNamespace: flags.destNamespace ?? 'default',
      sources: [source],
      allowLocal: flags.allowLocal === true,
      cluster,
    },
    folder,
  )
  for (const { warnings } of rendered) for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`)
  return rendered.flatMap(({ manifests }) => manifests.map(({ object }) => object))
}
