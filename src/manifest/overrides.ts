/** Overrides that lie beside an application's files: `.argocd-source.yaml`, then those for the one application. */
import { type ApplicationSource, StageError } from '../model/index.ts'
import { isRecord } from './documents.ts'
import type { RenderRequest } from './renderer.ts'
import type { TrackedTree } from './tracked-tree.ts'
import { readYaml } from './yaml/read.ts'

export interface OverridesOptions {
  request: RenderRequest
  path: string
  tree: TrackedTree
}

/** Where a source comes from is not for its own files to say. */
const fixed = ['repoURL', 'targetRevision', 'path', 'chart', 'ref', 'name']

export async function withOverrides({ request, path, tree }: OverridesOptions): Promise<ApplicationSource> {
  if (request.source.chart !== undefined) return request.source
  const { name, namespace } = request.application
  const files = ['.argocd-source.yaml', `.argocd-source-${name}.yaml`, `.argocd-source-${namespace}_${name}.yaml`]
  let source: ApplicationSource = request.source
  for (const file of files) {
    const place = path === '' ? file : `${path}/${file}`
    if ((await tree.stat(place))?.kind !== 'file') continue
    const override = await read(tree, place)
    for (const field of fixed) delete override[field]
    source = merge(source, override) as ApplicationSource
  }
  return source
}

async function read(tree: TrackedTree, place: string): Promise<Record<string, unknown>> {
  try {
    const { documents } = await readYaml((await tree.read(place)).toString('utf8'))
    const value = documents[0]?.value ?? {}
    if (isRecord(value)) return value
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new StageError('manifest', `${place}: ${why}`, { retry: false, cause: error })
  }
  throw new StageError('manifest', `${place}: must be a mapping with the fields of a source`, { retry: false })
}

/** A JSON merge patch. */
function merge(base: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch
  const merged: Record<string, unknown> = isRecord(base) ? { ...base } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = merge(merged[key], value)
  }
  return merged
}
