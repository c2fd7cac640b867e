/** A directory of plain manifests: YAML and JSON as they stand, Jsonnet evaluated. */
import {
  type DirectorySource,
  type Manifest,
  matchesGlob,
  messageOf,
  StageError,
  unfetchedSubmodule,
} from '../../model/index.ts'
import { fileOrigin, readDocuments } from '../documents.ts'
import type { RenderWork } from '../renderer.ts'
import { renderJsonnet } from './jsonnet.ts'

const skipMarker = '+argocd:skip-file-rendering'

export async function renderDirectory(work: RenderWork): Promise<{ manifests: Manifest[]; warnings: string[] }> {
  const options = work.source.directory ?? {}
  const manifests: Manifest[] = []
  const warnings: string[] = []
  let total = 0
  for (const file of await filesOf(work, options)) {
    const bytes = await work.tree.read(file)
    total += bytes.length
    if (total > work.limits.directoryBytes) throw tooMuch(work)
    const text = bytes.toString('utf8')
    const documents = file.endsWith('.jsonnet') ? await renderJsonnet(work, file) : await readManifestFile(text, file)
    manifests.push(...documents.manifests)
    warnings.push(...documents.warnings)
  }
  return { manifests, warnings }
}

/** Manifest files below the source's path in alphabetical order. */
async function filesOf({ tree, path }: RenderWork, options: DirectorySource): Promise<string[]> {
  const included = fileFilter(options)
  const files: string[] = []
  async function visit(directory: string, depth: number): Promise<void> {
    if (depth > 64)
      throw new StageError('manifest', `${directory}: nested too deeply, or in a circle`, { retry: false })
    const entries = await tree.list(join(path, directory))
    for (const [name, { kind }] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const relative = join(directory, name)
      if (kind === 'directory' && options.recurse) await visit(relative, depth + 1)
      if (kind === 'submodule' && options.recurse && !isExcluded(options, relative)) {
        throw unfetchedSubmodule(join(path, relative))
      }
      if (kind === 'file' && included(relative)) files.push(join(path, relative))
    }
  }
  await visit('', 0)
  return files
}

function join(directory: string, name: string): string {
  return directory === '' ? name : name === '' ? directory : `${directory}/${name}`
}

/** Globs in which `*` also matches slashes, and which exclude before they include. */
function fileFilter({ include, exclude, disableExtensionFilter }: DirectorySource): (path: string) => boolean {
  return (path) => {
    const known = disableExtensionFilter || /\.(yaml|yml|json|jsonnet)$/.test(path)
    if (!known || (exclude && matchesGlob(exclude, path))) return false
    return !include || matchesGlob(include, path)
  }
}

/** With all that it could hold. */
function isExcluded({ exclude }: DirectorySource, submodule: string): boolean {
  return !!exclude && (matchesGlob(exclude, submodule) || matchesGlob(exclude, `${submodule}/any.yaml`))
}

async function readManifestFile(text: string, file: string): Promise<{ manifests: Manifest[]; warnings: string[] }> {
  if (text.includes(skipMarker)) return { manifests: [], warnings: [] }
  try {
    return await readDocuments(text, fileOrigin(file))
  } catch (error) {
    // A directory may hold other YAML, such as values for a chart. What looks like a manifest must be one.
    if (['apiVersion', 'kind', 'metadata'].every((word) => text.includes(word))) throw error
    const mayBeMeant = /^["{\s]*(apiVersion|kind)"?:/m.test(text)
    return { manifests: [], warnings: mayBeMeant ? [`${file} is ignored: ${messageOf(error)}`] : [] }
  }
}

function tooMuch({ path, limits }: RenderWork): StageError {
  const limit = `${limits.directoryBytes / 1024 / 1024} MiB`
  const message = `the manifest files in ${path || 'the root'} have more than ${limit} together: divide them among applications`
  return new StageError('manifest', message, { retry: false })
}
