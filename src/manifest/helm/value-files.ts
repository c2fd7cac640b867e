/** Finds the value files of a Helm source: in the chart, elsewhere in the repository, in another source, or by address. */
import { writeFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { type HelmSource, StageError, unfetchedSubmodule } from '../../model/index.ts'
import { folderOfGlob, pathGlobMatcher } from '../../pattern/index.ts'
import type { RenderWork } from '../renderer.ts'
import type { TrackedTree } from '../tracked-tree.ts'
import type { Workspace } from '../workspace.ts'

/** A file as the spec means it. */
type Place =
  | { kind: 'address'; url: string }
  /** `copy` names the tree's directory in the workspace. */
  | { kind: 'file'; tree: TrackedTree; copy: string; path: string }

export async function valueFileArguments(work: RenderWork, helm: HelmSource, workspace: Workspace): Promise<string[]> {
  const written = helm.valueFiles ?? []
  const places = await Promise.all(written.map((file) => expand(work, helm, file)))
  // What is named outright stands where it is named, not where a pattern happens to find it too.
  const named = new Set(places.flatMap(({ found, isGlob }) => (isGlob ? [] : found.map(identity))))
  const args: string[] = []
  const seen = new Set<string>()
  for (const { found, isGlob } of places) {
    for (const place of found) {
      const id = identity(place)
      if (isGlob && (named.has(id) || seen.has(id))) continue
      seen.add(id)
      args.push('--values', await fetch(work, workspace, place))
    }
  }
  return args
}

/** The path of a copy of one file that a parameter's value is read from. */
export async function fileArgument(work: RenderWork, workspace: Workspace, written: string): Promise<string> {
  const place = placeOf(work, written)
  if (place.kind === 'file' && (await place.tree.stat(place.path))?.kind !== 'file') {
    throw fault(`file ${written} of fileParameters does not exist: correct its path`)
  }
  return fetch(work, workspace, place)
}

interface Expanded {
  found: Place[]
  isGlob: boolean
}

async function expand(work: RenderWork, helm: HelmSource, written: string): Promise<Expanded> {
  const place = placeOf(work, written)
  if (place.kind === 'address') return { found: [place], isGlob: false }
  const entry = await place.tree.stat(place.path)
  if (entry?.kind === 'submodule') throw unfetchedSubmodule(`value file ${written} is in a place that`)
  if (entry?.kind === 'file') return { found: [place], isGlob: false }
  const isGlob = /[*?[{]/.test(place.path)
  const found = isGlob ? await matching(place.tree, place.path) : []
  if (found.length === 0 && !helm.ignoreMissingValueFiles) {
    const what = isGlob ? 'matches no file' : 'does not exist'
    throw fault(`value file ${written} ${what}: correct valueFiles, or set ignoreMissingValueFiles`)
  }
  return { found: found.map((path) => ({ ...place, path })), isGlob }
}

/** In alphabetical order. */
async function matching(tree: TrackedTree, glob: string): Promise<string[]> {
  const base = folderOfGlob(glob)
  const matches = pathGlobMatcher(glob)
  const paths: string[] = []
  const mayMatchBelow = (path: string) => glob.includes('**') || path.split('/').length < glob.split('/').length
  async function visit(directory: string, depth: number): Promise<void> {
    if (depth > 32) return
    for (const [name, { kind }] of await tree.list(directory)) {
      const path = posix.join(directory, name)
      if (kind === 'directory') await visit(path, depth + 1)
      else if (kind === 'submodule' && mayMatchBelow(path)) throw unfetchedSubmodule(path)
      else if (kind === 'file' && matches(path)) paths.push(path)
    }
  }
  if ((await tree.stat(base))?.kind === 'directory') await visit(base, 0)
  return paths.sort((a, b) => (a < b ? -1 : 1))
}

/** `$ref/path` of another source, `/path` from the root of the repository, an address, else a path from the chart. */
function placeOf(work: RenderWork, written: string): Place {
  const { environment, refTrees } = work
  const reference = /^\$([\w-]+)\/(.*)$/.exec(written)
  const [, name = '', rest = ''] = reference ?? []
  const tree = refTrees[`$${name}/`]
  if (reference && tree) return { kind: 'file', tree, copy: `ref-${name}`, path: environment.substitute(rest) }
  if (reference && !environment.has(name))
    throw fault(`file ${written}: no source of this application has "ref: ${name}"`)
  const file = environment.substitute(written)
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(file)?.[1]?.toLowerCase()
  if (scheme !== undefined) {
    const allowed = ['https', 'http'].filter((one) => work.valuesFileSchemes.includes(one))
    if (allowed.includes(scheme)) return { kind: 'address', url: file }
    const advice = `${allowed.join(' and ') || 'none'} of those that are read (https, http) stand in helm.valuesFileSchemes of argocd-cm`
    throw fault(`file ${file}: addresses with ${scheme}: are not allowed: ${advice}`)
  }
  const path = file.startsWith('/') ? file.slice(1) : posix.join(work.path, file)
  return { kind: 'file', tree: work.tree, copy: 'root', path }
}

function identity(place: Place): string {
  return place.kind === 'address' ? place.url : `${place.copy}/${posix.normalize(place.path)}`
}

/** Kept apart from the chart's own copy, whose files the chart's templates can read. */
async function fetch(work: RenderWork, workspace: Workspace, place: Place): Promise<string> {
  if (place.kind === 'file') {
    const directory = await workspace.beside(place.copy)
    await place.tree.materialise([place.path], directory)
    return join(directory, posix.normalize(place.path))
  }
  const content = await work.remote.download(place.url)
  const directory = await workspace.beside(`download-${work.remote.observations.length}`)
  const file = join(directory, 'values.yaml')
  await writeFile(file, content)
  return file
}

function fault(message: string): StageError {
  return new StageError('manifest', message, { retry: false })
}
