/** Finds the value files of a Helm source: in the chart, elsewhere in the repository, or in another source. */
import { mkdir } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { type HelmSource, StageError } from '../../model/index.ts'
import type { RenderWork } from '../renderer.ts'
import type { TrackedTree } from '../tracked-tree.ts'
import type { Workspace } from '../workspace.ts'

/** A path of a spec, and the tree that it is a path of. */
interface Place {
  tree: TrackedTree
  /** Name of the copy's directory in the workspace. */
  copy: string
  path: string
}

export async function valueFileArguments(work: RenderWork, helm: HelmSource, workspace: Workspace): Promise<string[]> {
  const args: string[] = []
  for (const written of helm.valueFiles ?? []) {
    const file = work.environment.substitute(written.startsWith('$') ? `$$${written.slice(1)}` : written)
    const place = placeOf(work, file)
    const found = (await place.tree.stat(place.path))?.kind === 'file'
    if (!found && helm.ignoreMissingValueFiles) continue
    if (!found) throw fault(`value file ${file} does not exist: correct valueFiles, or set ignoreMissingValueFiles`)
    args.push('--values', await copyOf(place, workspace))
  }
  return args
}

/** The path of a copy of one file that a parameter's value is read from. */
export async function fileArgument(work: RenderWork, workspace: Workspace, file: string): Promise<string> {
  const place = placeOf(work, file)
  if ((await place.tree.stat(place.path))?.kind !== 'file') throw fault(`file ${file} of fileParameters does not exist`)
  return copyOf(place, workspace)
}

/** `$ref/path` of another source, `/path` from the root of the repository, else from the chart. */
function placeOf(work: RenderWork, file: string): Place {
  const reference = /^\$([^/]+)\/(.*)$/.exec(file)
  if (reference) {
    const [, name = '', path = ''] = reference
    const tree = work.refTrees[`$${name}/`]
    if (!tree) throw fault(`value file ${file}: no source of this application has ref: ${name}`)
    return { tree, copy: `ref-${name}`, path }
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(file))
    throw fault(`value file ${file} is a URL: put the file into the repository`)
  return { tree: work.tree, copy: 'root', path: file.startsWith('/') ? file.slice(1) : posix.join(work.path, file) }
}

/** Kept apart from the chart's own copy, whose files the chart's templates can read. */
async function copyOf({ tree, copy, path }: Place, workspace: Workspace): Promise<string> {
  const directory = await workspace.beside(copy)
  await mkdir(directory, { recursive: true })
  await tree.materialise([path], directory)
  return join(directory, posix.normalize(path))
}

function fault(message: string): StageError {
  return new StageError('manifest', message, { retry: false })
}
