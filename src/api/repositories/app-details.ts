/** What of a source can be set: the parameters of a chart, the images of a kustomization. */
import { posix } from 'node:path'
import { readYaml } from '../../manifest/yaml/read.ts'
import { type ApplicationSource, messageOf, type SourceTree, type SourceType, StageError } from '../../model/index.ts'
import { typeOfFolder } from './discover-apps.ts'
import { walkFolders } from './walk-folders.ts'

/** Values of all files of a chart together: the largest charts have a few thousand. */
const mostParameters = 50_000
/** Characters of their names and values. */
const longestParameters = 8 * 1024 * 1024

export interface HelmDetails {
  valueFiles: string[]
  values: string
  parameters: { name: string; value: string }[]
  fileParameters: { name?: string; path?: string }[]
}

/** As Tiphys finds it when it renders: what the source says, else what lies in its folder. */
export async function sourceType(source: ApplicationSource, tree: SourceTree): Promise<SourceType> {
  if (source.plugin) return 'Plugin'
  if (source.helm || source.chart !== undefined) return 'Helm'
  if (source.kustomize) return 'Kustomize'
  if (source.directory) return 'Directory'
  return typeOfFolder(await tree.list(folderOf(source))) ?? 'Directory'
}

export async function helmDetails(source: ApplicationSource, tree: SourceTree): Promise<HelmDetails> {
  const folder = folderOf(source)
  const own = await textOf(tree, posix.join(folder, 'values.yaml'))
  // Files of other sources, and those elsewhere, are not among them.
  const named = (source.helm?.valueFiles ?? []).filter((file) => !/^\$|^[a-z]+:\/\//i.test(file))
  const paths = named.map((file) => (file.startsWith('/') ? file.slice(1) : posix.join(folder, file)))
  const texts = await Promise.all(paths.map((path) => textOf(tree, path)))
  const parameters = new Parameters()
  for (const text of [own, ...texts]) flatten(await parsed(text), '', parameters)
  return {
    valueFiles: await valueFilesBelow(tree, folder),
    values: own,
    parameters: parameters.list(),
    fileParameters: source.helm?.fileParameters ?? [],
  }
}

export function imagesOf(manifests: readonly object[]): string[] {
  return manifests.flatMap((manifest) => imagesIn(manifest)).sort()
}

function imagesIn(object: object): string[] {
  return Object.entries(object).flatMap(([name, value]): string[] => {
    if (typeof value !== 'object' || value === null) return []
    const isContainers = Array.isArray(value) && (name === 'containers' || name === 'initContainers')
    if (isContainers)
      return value.flatMap((container: { image?: unknown } | null) =>
        typeof container?.image === 'string' ? container.image : [],
      )
    return imagesIn(value)
  })
}

function folderOf({ path = '', chart }: ApplicationSource): string {
  const folder = chart === undefined ? posix.normalize(path).replace(/^\/+|\/+$/g, '') : ''
  return folder === '.' ? '' : folder
}

/** '' where there is no such file. */
async function textOf(tree: SourceTree, path: string): Promise<string> {
  const entry = await tree.stat(path)
  return entry?.kind === 'file' ? (await tree.read(path)).toString('utf8') : ''
}

async function parsed(text: string): Promise<unknown> {
  try {
    // A file may be empty, or hold nothing but comments.
    return (await readYaml(text, { nodeLimit: 200_000 })).documents[0]?.value
  } catch (error) {
    const message = `a file of values is not YAML: ${messageOf(error).split('\n')[0]}`
    throw new StageError('manifest', message, { retry: false, cause: error })
  }
}

/** `image.tag`, `hosts[0].name`: as `--set` of Helm writes them. */
function flatten(value: unknown, name: string, into: Parameters): void {
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) flatten(item, `${name}[${at}]`, into)
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) flatten(item, name ? `${name}.${key}` : key, into)
  } else if (name) into.set(name, value === null || value === undefined ? '' : String(value))
}

/** By their names, the last counts; throws a StageError when there are more than anybody looks at. */
class Parameters {
  readonly #values = new Map<string, string>()
  #length = 0

  set(name: string, value: string): void {
    this.#length += name.length + value.length
    this.#values.set(name, value)
    if (this.#values.size <= mostParameters && this.#length <= longestParameters) return
    const message = `the values are more than are shown: ${mostParameters} parameters, ${longestParameters} characters`
    throw new StageError('manifest', message, { retry: false })
  }

  list(): { name: string; value: string }[] {
    return [...this.#values].map(([name, value]) => ({ name, value }))
  }
}

/** Relative to the folder. */
async function valueFilesBelow(tree: SourceTree, folder: string): Promise<string[]> {
  const found: string[] = []
  for await (const { path, entries } of walkFolders(tree, folder)) {
    for (const [name, { kind }] of entries) {
      const isValues = kind === 'file' && name.includes('values') && /\.ya?ml$/i.test(name)
      if (isValues) found.push(posix.relative(folder, posix.join(path, name)))
    }
  }
  return found.sort()
}
