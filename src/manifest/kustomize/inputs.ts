/** Finds all directories and files that a kustomization is built from, by following what it refers to. */
import { posix } from 'node:path'
import { kustomizationFiles } from '../detect.ts'
import { isRecord } from '../documents.ts'
import type { TrackedTree } from '../tracked-tree.ts'
import { readYaml } from '../yaml/read.ts'

export interface KustomizeInputs {
  /** Paths of the repository that have to be in the copy. */
  paths: string[]
  remote: RemoteReference[]
}

export interface RemoteReference {
  /** The kustomization file that has it. */
  file: string
  reference: string
}

interface References {
  /** May be directories with kustomizations of their own, files, or addresses. */
  bases: string[]
  files: string[]
}

export async function collectInputs(tree: TrackedTree, roots: string[]): Promise<KustomizeInputs> {
  const directories = new Set<string>()
  const paths = new Set<string>()
  const remote: RemoteReference[] = []

  async function visit(directory: string): Promise<void> {
    if (directories.has(directory)) return
    directories.add(directory)
    paths.add(directory)
    const file = await kustomizationFile(tree, directory)
    if (!file) return
    const { bases, files } = await readReferences(tree, file)
    for (const base of bases) await follow(base, directory, file)
    for (const path of files) {
      const target = inTree(directory, path)
      if (target !== undefined && !isBelow(target, directory)) paths.add(target)
    }
  }

  async function follow(base: string, directory: string, file: string): Promise<void> {
    const target = inTree(directory, base)
    const entry = target === undefined ? undefined : await tree.stat(target)
    if (target === undefined || !entry) {
      if (isRemote(base)) remote.push({ file, reference: base })
    } else if (entry.kind === 'directory') await visit(target)
    else if (!isBelow(target, directory)) paths.add(target)
  }

  for (const root of roots) await visit(posix.normalize(root || '.') === '.' ? '' : posix.normalize(root))
  return { paths: [...paths], remote }
}

export async function kustomizationFile(tree: TrackedTree, directory: string): Promise<string | undefined> {
  for (const name of kustomizationFiles) {
    const file = directory === '' ? name : `${directory}/${name}`
    if ((await tree.stat(file))?.kind === 'file') return file
  }
  return undefined
}

/** What cannot be read as YAML is left to the program, whose message is the better one. */
async function readReferences(tree: TrackedTree, file: string): Promise<References> {
  const text = (await tree.read(file)).toString('utf8')
  const { documents } = await readYaml(text).catch(() => ({ documents: [] }))
  const value = documents[0]?.value
  return isRecord(value) ? references(value) : { bases: [], files: [] }
}

const baseFields = ['resources', 'bases', 'components', 'generators', 'transformers', 'validators']
const pathFields = ['crds', 'configurations', 'patchesStrategicMerge']
const objectFields = ['patches', 'patchesJson6902', 'replacements']

function references(kustomization: Record<string, unknown>): References {
  const bases = baseFields.flatMap((field) => strings(kustomization[field]))
  const files = pathFields.flatMap((field) => strings(kustomization[field]))
  for (const item of objectFields.flatMap((field) => records(kustomization[field]))) files.push(...strings([item.path]))
  for (const generator of ['configMapGenerator', 'secretGenerator'].flatMap((field) => records(kustomization[field]))) {
    files.push(...strings(generator.files).map((entry) => entry.slice(entry.indexOf('=') + 1)))
    files.push(...strings(generator.envs), ...strings([generator.env]))
  }
  if (isRecord(kustomization.openapi)) files.push(...strings([kustomization.openapi.path]))
  for (const chart of records(kustomization.helmCharts)) {
    files.push(...strings([chart.valuesFile]), ...strings(chart.additionalValuesFiles))
  }
  if (isRecord(kustomization.helmGlobals)) bases.push(...strings([kustomization.helmGlobals.chartHome]))
  return { bases, files }
}

/** Entries on more than one line are YAML written in place of a path. */
function strings(value: unknown): string[] {
  const items: unknown[] = Array.isArray(value) ? value : []
  return items.filter((item) => typeof item === 'string').filter((item) => item !== '' && !item.includes('\n'))
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

/** Undefined for what cannot be a path of the tree; a path that leaves it is for the tree to refuse. */
function inTree(directory: string, path: string): string | undefined {
  if (path.startsWith('/') || /^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return undefined
  const joined = posix.join(directory, path).replace(/\/+$/, '')
  return joined === '.' ? '' : joined
}

function isBelow(path: string, directory: string): boolean {
  return directory === '' ? !path.startsWith('../') : path.startsWith(`${directory}/`)
}

function isRemote(reference: string): boolean {
  return /^([a-z][a-z0-9+.-]*:\/\/|git::|[\w.-]+@[\w.-]+:)|[?&](ref|version)=|^(github|gitlab|bitbucket)\.\w+[/:]|\.git(\/|$)/i.test(
    reference,
  )
}
