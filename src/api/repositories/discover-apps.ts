/** The folders of a tree that hold a chart or a kustomization. */
import type { SourceTree, TreeEntry } from '../../model/index.ts'
import { walkFolders } from './walk-folders.ts'

export interface DiscoveredApp {
  /** `.` for the root. */
  path: string
  type: 'Helm' | 'Kustomize'
}

const kustomizations = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']

export async function discoverApps(tree: SourceTree): Promise<DiscoveredApp[]> {
  const found: DiscoveredApp[] = []
  for await (const { path, entries } of walkFolders(tree)) {
    const type = typeOfFolder(entries)
    if (type) found.push({ path: path || '.', type })
  }
  return found.sort((one, other) => (one.path < other.path ? -1 : 1))
}

export function typeOfFolder(entries: Map<string, TreeEntry>): 'Helm' | 'Kustomize' | undefined {
  const files = [...entries].flatMap(([name, { kind }]) => (kind === 'file' ? name : []))
  if (files.some((name) => name.endsWith('Chart.yaml'))) return 'Helm'
  return files.some((name) => kustomizations.includes(name)) ? 'Kustomize' : undefined
}
