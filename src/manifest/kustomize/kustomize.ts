/** A Kustomize directory, built by the real program on a private copy that carries the source's overrides. */
import { join, posix } from 'node:path'
import type { Manifest } from '../../model/index.ts'
import { outputOrigin, readDocuments } from '../documents.ts'
import type { RenderWork } from '../renderer.ts'
import { inWorkspace } from '../workspace.ts'
import { copyKustomization } from './copy.ts'
import { applyOverrides } from './overrides.ts'

export async function renderKustomize(work: RenderWork): Promise<{ manifests: Manifest[]; warnings: string[] }> {
  const { limits, request, path, tree, remote } = work
  const tool = await work.tools.kustomize()
  const options = request.signal ? { limits, signal: request.signal } : { limits }
  const components = await presentComponents(work)
  const output = await inWorkspace(options, async (workspace) => {
    const roots = [path, ...components.map((component) => posix.join(path, component))]
    await copyKustomization({ tree, roots, workspace, remote })
    const directory = join(workspace.files, path)
    await applyOverrides(withComponents(work, components), directory)
    return workspace.run(tool, ['.'], { cwd: directory, env: processEnvironment(work) })
  })
  return readDocuments(output, outputOrigin(`kustomize build ${path || '.'}`))
}

/** Kustomize reads variables where a file of variables names one without a value. The revision is not among them: it would make every commit a new rendering. */
function processEnvironment({ environment }: RenderWork): Record<string, string> {
  const names = ['ARGOCD_APP_NAME', 'ARGOCD_APP_NAMESPACE', 'ARGOCD_APP_PROJECT_NAME', 'ARGOCD_APP_SOURCE_PATH']
  const more = ['ARGOCD_APP_SOURCE_REPO_URL', 'ARGOCD_APP_SOURCE_TARGET_REVISION', 'KUBE_VERSION']
  return Object.fromEntries([...names, ...more].map((name) => [name, environment.get(name)]))
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
