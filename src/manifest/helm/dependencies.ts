/** Puts the charts that a chart depends on into its `charts/`, where helm looks for them. */
import { mkdir, readdir, readFile, rename } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { StageError } from '../../model/index.ts'
import { isRecord } from '../documents.ts'
import type { RenderWork } from '../renderer.ts'
import type { Workspace } from '../workspace.ts'
import { readYaml } from '../yaml/read.ts'

interface Dependency {
  name: string
  version: string
  repository: string
}

export interface ChartCopy {
  workspace: Workspace
  /** The chart's directory in the workspace. */
  chart: string
}

/** Those that are there already are left as they are, as helm does. */
export async function addDependencies(work: RenderWork, { workspace, chart }: ChartCopy): Promise<void> {
  const dependencies = await declared(chart)
  if (dependencies.length === 0) return
  const present = await presentCharts(join(chart, 'charts'))
  const locked = await lockedVersions(chart)
  for (const [at, dependency] of dependencies.entries()) {
    const { name, repository } = dependency
    // Without a repository it must be there; helm says so when it is not.
    if (present.some((file) => isChart(file, name)) || repository === '') continue
    const into = await workspace.beside(`dependency-${at}`)
    const version = locked.get(name) ?? dependency.version
    const copied = await copy(work, { ...dependency, version }, into)
    await mkdir(join(chart, 'charts'), { recursive: true })
    await rename(copied, join(chart, 'charts', `${name}-${at}`))
  }
}

/** `Chart.yaml`, or `requirements.yaml` in charts of the first API version. */
async function declared(chart: string): Promise<Dependency[]> {
  const lists = await Promise.all(['Chart.yaml', 'requirements.yaml'].map((file) => dependenciesIn(join(chart, file))))
  return lists.flat()
}

async function dependenciesIn(file: string): Promise<Dependency[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  // A file that cannot be read is left to helm, whose message is the better one.
  const { documents } = await readYaml(text).catch(() => ({ documents: [] }))
  const value = documents[0]?.value
  const list: unknown = isRecord(value) ? value.dependencies : undefined
  const items = Array.isArray(list) ? list.filter(isRecord) : []
  return items.map(({ name = '', version = '', repository = '' }) => ({
    name: String(name),
    version: String(version),
    repository: String(repository),
  }))
}

async function lockedVersions(chart: string): Promise<Map<string, string>> {
  const lists = await Promise.all(['Chart.lock', 'requirements.lock'].map((file) => dependenciesIn(join(chart, file))))
  return new Map(lists.flat().map(({ name, version }) => [name, version]))
}

async function presentCharts(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => [])
}

/** A directory `name`, or an archive `name-1.2.3.tgz`. */
function isChart(file: string, name: string): boolean {
  return file === name || (file.startsWith(`${name}-`) && /^\d.*\.tgz$/.test(file.slice(name.length + 1)))
}

/** Returns where the dependency's chart lies below `into`. */
async function copy(work: RenderWork, { name, version, repository }: Dependency, into: string): Promise<string> {
  if (repository.startsWith('file://')) return copyLocal(work, repository.slice('file://'.length), into)
  if (!/^(https?|oci):\/\//i.test(repository)) {
    throw fault(name, `has the repository ${repository}: give its address, or put the chart into charts/`)
  }
  try {
    const chart = await work.remote.open({ repoURL: repository, chart: name, targetRevision: version })
    await chart.materialise([''], into)
    return into
  } catch (error) {
    if (!(error instanceof StageError)) throw error
    const message = `chart dependency ${name}: ${error.message}`
    throw new StageError('manifest', message, { retry: error.retry, cause: error })
  }
}

async function copyLocal({ tree, path, source }: RenderWork, relative: string, into: string): Promise<string> {
  if (source.chart !== undefined || relative.startsWith('/')) {
    throw fault(relative, 'is not in the repository: use a path relative to the chart')
  }
  const target = posix.join(path, relative)
  if ((await tree.stat(target))?.kind !== 'directory') throw fault(relative, 'does not exist in the repository')
  await tree.materialise([target], into)
  return join(into, target)
}

function fault(name: string, what: string): StageError {
  return new StageError('manifest', `chart dependency ${name} ${what}`, { retry: false })
}
