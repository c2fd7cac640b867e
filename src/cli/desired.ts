/** Desired state for the commands that need no controller: from a folder, a repository or an Application. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRenderer, type Rendered } from '../manifest/renderer.ts'
import { findTools } from '../manifest/tools.ts'
import type { ApplicationSource, SourceTree } from '../model/index.ts'
import { openDirectory } from '../source/local-directory.ts'
import { openSources, type Sources } from '../source/sources.ts'

export interface DesiredRequest {
  name: string
  namespace: string
  project: string
  destinationNamespace: string
  sources: ApplicationSource[]
  allowLocal: boolean
  /** What templates see of the cluster. */
  cluster: { version: string; apiVersions: string[] }
}

export interface Desired {
  revisions: string[]
  rendered: Rendered[]
}

/** Unpacked programs are kept between runs; everything else goes. */
function programsDir(env = process.env): string {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'tiphys', 'programs')
}

/** `folder` takes the place of the repository of the only source. */
export async function renderDesired(request: DesiredRequest, folder?: string): Promise<Desired> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'tiphys-'))
  const sources = openSources({ cacheDir, allowLocal: request.allowLocal, clock: Date })
  try {
    return await renderWith(request, sources, folder)
  } finally {
    await sources.close()
    await rm(cacheDir, { recursive: true, force: true })
  }
}

async function renderWith(request: DesiredRequest, sources: Sources, folder: string | undefined): Promise<Desired> {
  const { name, namespace, project, destinationNamespace, cluster } = request
  const renderer = openRenderer({ tools: findTools({ cacheDir: programsDir() }), remote: sources })
  const opened = await Promise.all(
    request.sources.map(async (source) => {
      if (folder !== undefined) return { source, revision: 'local', tree: openDirectory(folder) }
      const { revision } = await sources.resolve(source)
      return { source, revision, tree: await sources.tree(source, revision) }
    }),
  )
  const named = opened.filter(({ source }) => source.ref)
  const refTrees: Record<string, SourceTree> = Object.fromEntries(named.map(({ source, tree }) => [source.ref, tree]))
  const rendered: Rendered[] = []
  for (const { source, revision, tree } of opened) {
    if (source.path === undefined && source.chart === undefined) continue
    const application = { name, namespace, project, destinationNamespace }
    rendered.push(await renderer.render({ application, source, revision, tree, refTrees, cluster }))
  }
  return { revisions: opened.map(({ revision }) => revision), rendered }
}

/** Whether `place` is a folder here and not the address of a repository. */
export function isFolder(place: string): boolean {
  return !place.includes('://') && existsSync(place)
}
