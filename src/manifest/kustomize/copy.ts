/** Copies a kustomization and everything it is built from, by following what it refers to, also into other repositories. */
import { writeFile } from 'node:fs/promises'
import { dirname, join, posix, relative } from 'node:path'
import { type SourceTree, StageError, stringifyJson } from '../../model/index.ts'
import { kustomizationFiles } from '../detect.ts'
import { isRecord } from '../documents.ts'
import type { RemoteFiles } from '../remote-files.ts'
import type { Workspace } from '../workspace.ts'
import { readYaml } from '../yaml/read.ts'
import { type Kustomization, referencesOf, replaceBases } from './references.ts'
import { isRemote, parseReference } from './remote-reference.ts'

export interface CopyOptions {
  tree: SourceTree
  /** Directories with kustomizations. */
  roots: string[]
  workspace: Workspace
  remote: RemoteFiles
}

/** One repository on its way into the workspace. */
interface Origin {
  tree: SourceTree
  /** Directory of the copy. */
  into: string
  visited: Set<string>
  paths: Set<string>
}

interface Rewrite {
  origin: Origin
  /** The kustomization's file. */
  file: string
  kustomization: Kustomization
  replacements: Map<string, string>
}

const remoteLimit = 100

export async function copyKustomization({ tree, roots, workspace, remote }: CopyOptions): Promise<void> {
  const origins = new Map<string, Origin>()
  const rewrites: Rewrite[] = []
  const downloads: { to: string; content: Buffer }[] = []

  async function visit(origin: Origin, directory: string): Promise<void> {
    if (origin.visited.has(directory)) return
    origin.visited.add(directory)
    origin.paths.add(directory)
    const file = await kustomizationFile(origin.tree, directory)
    const kustomization = file === undefined ? undefined : await readKustomization(origin.tree, file)
    if (file === undefined || !kustomization) return
    const { bases, files } = referencesOf(kustomization)
    const replacements = new Map<string, string>()
    for (const base of bases) {
      const replacement = await follow(origin, base, file)
      if (replacement !== undefined) replacements.set(base, replacement)
    }
    for (const path of files) addFile(origin, path, file)
    if (replacements.size > 0) rewrites.push({ origin, file, kustomization, replacements })
  }

  /** Returns what the reference has to become, when it cannot stay. */
  async function follow(origin: Origin, base: string, file: string): Promise<string | undefined> {
    const directory = posix.dirname(file) === '.' ? '' : posix.dirname(file)
    const target = inTree(directory, base)
    const entry = target === undefined ? undefined : await origin.tree.stat(target)
    if (target === undefined || !entry) return isRemote(base) ? followRemote(origin, base, file) : undefined
    if (entry.kind === 'directory') await visit(origin, target)
    else origin.paths.add(target)
    return undefined
  }

  async function followRemote(origin: Origin, base: string, file: string): Promise<string> {
    if (origins.size + downloads.length > remoteLimit) throw fault(file, `has more than ${remoteLimit} remote bases`)
    const at = dirname(join(origin.into, file))
    const reference = parseReference(base)
    try {
      if (reference.kind === 'file') {
        const name = `.remote-${downloads.length}.yaml`
        downloads.push({ to: join(at, name), content: await remote.download(reference.url) })
        return name
      }
      const there = await originOf(reference.repoURL, reference.targetRevision)
      if ((await there.tree.stat(reference.path))?.kind !== 'directory') {
        throw fault(file, `refers to ${base}, but there is no directory ${reference.path} in that revision`)
      }
      await visit(there, reference.path)
      return relative(at, join(there.into, reference.path))
    } catch (error) {
      if (!(error instanceof StageError)) throw error
      const message = error.message.startsWith(file) ? error.message : `${file} refers to ${base}: ${error.message}`
      throw new StageError('manifest', message, { retry: error.retry, cause: error })
    }
  }

  async function originOf(repoURL: string, targetRevision: string): Promise<Origin> {
    const key = `${repoURL} ${targetRevision}`
    const known = origins.get(key)
    if (known) return known
    const origin: Origin = {
      tree: await remote.open({ repoURL, targetRevision }),
      into: await workspace.beside(`remote-${origins.size}`),
      visited: new Set(),
      paths: new Set(),
    }
    origins.set(key, origin)
    return origin
  }

  const own: Origin = { tree, into: workspace.files, visited: new Set(), paths: new Set() }
  for (const root of roots) await visit(own, root)
  for (const origin of [own, ...origins.values()]) await origin.tree.materialise([...origin.paths], origin.into)
  for (const { to, content } of downloads) await writeFile(to, content)
  for (const { origin, file, kustomization, replacements } of rewrites) {
    await writeFile(join(origin.into, file), stringifyJson(replaceBases(kustomization, replacements)))
  }
}

async function kustomizationFile(tree: SourceTree, directory: string): Promise<string | undefined> {
  for (const name of kustomizationFiles) {
    const file = posix.join(directory, name)
    if ((await tree.stat(file))?.kind === 'file') return file
  }
  return undefined
}

/** What cannot be read as YAML is left to the program, whose message is the better one. */
async function readKustomization(tree: SourceTree, file: string): Promise<Kustomization | undefined> {
  const text = (await tree.read(file)).toString('utf8')
  const { documents } = await readYaml(text).catch(() => ({ documents: [] }))
  const value = documents[0]?.value
  return isRecord(value) ? value : undefined
}

function addFile(origin: Origin, path: string, file: string): void {
  if (isRemote(path))
    throw fault(file, `takes a file from ${path}: only resources can be remote; copy it into the repository`)
  const target = inTree(posix.dirname(file), path)
  if (target !== undefined) origin.paths.add(target)
}

/** Undefined for what cannot be a path of the tree; a path that leaves it is for the tree to refuse. */
function inTree(directory: string, path: string): string | undefined {
  if (path.startsWith('/') || /^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return undefined
  const joined = posix.join(directory, path).replace(/\/+$/, '')
  return joined === '.' ? '' : joined
}

function fault(file: string, what: string): StageError {
  return new StageError('manifest', `${file} ${what}`, { retry: false })
}
