/** Of which type a source is: what its spec says, else what lies in its directory. */
import { type ApplicationSource, type SourceType, StageError } from '../model/index.ts'
import type { RenderWork } from './renderer.ts'

export const kustomizationFiles = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']

const blocks: [field: keyof ApplicationSource, type: SourceType][] = [
  ['helm', 'Helm'],
  ['kustomize', 'Kustomize'],
  ['directory', 'Directory'],
  ['plugin', 'Plugin'],
]

export async function detectType({ source, tree, path }: RenderWork): Promise<SourceType> {
  const explicit = blocks.filter(([field]) => says(source[field]))
  if (explicit.length > 1) {
    const names = explicit.map(([field]) => field).join(' and ')
    throw new StageError('manifest', `the source has ${names}: only one of them can be given`, { retry: false })
  }
  if (explicit[0]) return explicit[0][1]
  if (source.chart !== undefined) return 'Helm'
  const names = [...(await tree.list(path)).keys()]
  if (names.some((name) => name.endsWith('Chart.yaml'))) return 'Helm'
  return names.some((name) => kustomizationFiles.includes(name)) ? 'Kustomize' : 'Directory'
}

/** Argo CD drops blocks in which nothing is set, and so they do not decide the type. */
function says(block: unknown): boolean {
  if (block === undefined || block === null || block === false || block === '') return false
  if (typeof block !== 'object') return true
  return Object.values(block).some((value) => (Array.isArray(value) ? value.length > 0 : says(value)))
}
