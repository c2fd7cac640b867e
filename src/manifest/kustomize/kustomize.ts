/** A Kustomize directory, built by the real program on a private copy that carries the source's overrides. */
import { join, posix } from 'node:path'
import { type Manifest, StageError } from '../../model/index.ts'
import { readDocuments } from '../documents.ts'
import type { RenderWork } from '../renderer.ts'
import { inWorkspace } from '../workspace.ts'
import { collectInputs } from './inputs.ts'
import { applyOverrides } from './overrides.ts'

export async function renderKustomize(work: RenderWork): Promise<{ manifests: Manifest[]; warnings: string[] }> {
  const { limits, request, path } = work
  const tool = await work.tools.kustomize()
  const options = request.signal ? { limits, signal: request.signal } : { limits }
  const given = await presentComponents(work)
  const output = await inWorkspace(options, async (workspace) => {
    const { paths, remote } = await collectInputs(work.tree, [
      path,
      ...given.map((component) => posix.join(path, component)),
    ])
    const [first] = remote
    if (first) {
      const message = `${first.file} refers to ${first.reference}: remote bases are not fetched; copy it into the repository`
      throw new StageError('manifest', message, { retry: false })
    }
    await work.tree.materialise(paths, workspace.files)
    const directory = join(workspace.files, path)
    await applyOverrides(withComponents(work, given), directory)
    return workspace.run(tool, ['.'], { cwd: directory, env: work.environment.all() })
  })
  return readDocuments(output, { place: `output of kustomize build for ${path || '.'}` })
}

/** The components that the source adds, without missing ones where that is asked for. */
async function presentComponents({ source, path, tree }: RenderWork): Promise<string[]> {
  const { components = [], ignoreMissingComponents } = source.kustomize ?? {}
  if (!ignoreMissingComponents) return components
  const present: string[] = []
  for (const component of components) if (await tree.stat(posix.join(path, component))) present.push(component)
  return present
}

function withComponents(work: RenderWork, components: string[]): RenderWork {
  if (!work.source.kustomize?.components) return work
  return { ...work, source: { ...work.source, kustomize: { ...work.source.kustomize, components } } }
}
