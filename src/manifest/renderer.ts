/** From the files of a source to manifests: finds out of which type the source is, renders it, and remembers the result. */
import {
  type ApplicationSource,
  type Manifest,
  type SourceTree,
  type SourceType,
  StageError,
  stringifyJson,
  unfetchedSubmodule,
} from '../model/index.ts'
import { turns } from '../process/turns.ts'
import { type BuildEnvironment, buildEnvironment, variablesOf } from './build-environment.ts'
import { detectType } from './detect.ts'
import { renderDirectory } from './directory/directory.ts'
import { renderHelm } from './helm/helm.ts'
import { renderKustomize } from './kustomize/kustomize.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { type Entry, memoKey, openMemo, type Recorded } from './memo.ts'
import { withOverrides } from './overrides.ts'
import { openRemoteFiles, type RemoteFiles, type Remotes } from './remote-files.ts'
import { openSharedRenderings, type SharedCache } from './shared-renderings.ts'
import { type Tools, trackTools } from './tools.ts'
import { type TrackedTree, trackTree } from './tracked-tree.ts'

export interface RenderRequest {
  application: { name: string; namespace: string; project: string; destinationNamespace: string }
  source: ApplicationSource
  revision: string
  tree: SourceTree
  /** Trees of the application's other sources by their `ref`, for value files such as `$values/prod.yaml`. */
  refTrees?: Record<string, SourceTree>
  cluster: { version: string; apiVersions: string[] }
  signal?: AbortSignal
}

/** Shared by everybody who asks for the same: not to be changed. The same inputs give the same object. */
export interface Rendered {
  readonly manifests: readonly Manifest[]
  readonly sourceType: SourceType
  readonly warnings: readonly string[]
  /** Paths of the repository that the manifests were made from. */
  readonly inputs: readonly string[]
}

export interface Renderer {
  render(request: RenderRequest): Promise<Rendered>
  /** Puts into the shared cache what is known here and lost there. */
  renewShared(): Promise<void>
  /** How many renderings were done, how many were answered from memory, and how many by what another replica has done. */
  readonly counters: { renders: number; remembered: number; shared: number }
}

export interface RendererOptions {
  tools: Tools
  /** Fetches remote bases, chart dependencies and value files (a `Sources`); without it they are refused. */
  remote?: Remotes
  /** Of addresses that value files may be read from; https and http unless given. */
  valuesFileSchemes?(): readonly string[]
  /** Where other replicas leave what they have rendered. */
  shared?: SharedCache
  limits?: Partial<Limits>
}

/** What each type's renderer works with. */
export interface RenderWork {
  request: RenderRequest
  /** The request's source with the overrides found beside it. */
  source: ApplicationSource
  /** The source's path, without slashes at its ends; empty for the root. */
  path: string
  tree: TrackedTree
  refTrees: Record<string, TrackedTree>
  environment: BuildEnvironment
  remote: RemoteFiles
  valuesFileSchemes: readonly string[]
  tools: Tools
  limits: Limits
}

type RenderType = (work: RenderWork) => Promise<{ manifests: Manifest[]; warnings: string[] }>

const renderers: Partial<Record<SourceType, RenderType>> = {
  Directory: renderDirectory,
  Helm: renderHelm,
  Kustomize: renderKustomize,
}

export function openRenderer(options: RendererOptions): Renderer {
  const { tools, remote, shared: cache, limits: given = {}, valuesFileSchemes = () => ['https', 'http'] } = options
  const shared = cache && openSharedRenderings(cache, tools)
  const limits = { ...defaultLimits, ...given }
  const memo = openMemo(limits.memoBytes)
  const gate = turns(limits.parallel)
  const counters = { renders: 0, remembered: 0, shared: 0 }

  async function render(request: RenderRequest): Promise<Rendered> {
    const { application, source, tree, refTrees = {} } = request
    const variables = variablesOf(request)
    const { targetRevision: _targetRevision, ...parameters } = source
    const schemes = [...valuesFileSchemes()].sort()
    const key = memoKey([application, parameters, schemes])
    const situation = {
      trees: { ...prefixed(refTrees), '': tree },
      variables,
      remote: remote?.referredBy(application.project),
    }
    const sharedAs = await shared?.keyOf(request, schemes)
    const found = await memo.find(key, situation)
    if (found) {
      counters.remembered++
      share(found, sharedAs)
      return found.rendered
    }
    const taken = await shared?.find(sharedAs, situation)
    if (taken) {
      counters.shared++
      memo.keep(key, { ...taken, sharedAs, size: sizeOf(taken.rendered) })
      return taken.rendered
    }
    const recorded = await gate(() => renderAnew(request, variables))
    const entry: Entry = { ...recorded, size: sizeOf(recorded.rendered) }
    memo.keep(key, entry)
    share(entry, sharedAs)
    return entry.rendered
  }

  /** Others look for it under what its folder holds now, which need not be what it held when it was rendered. */
  function share(entry: Entry, sharedAs: string | undefined): void {
    if (sharedAs === undefined || entry.sharedAs === sharedAs) return
    entry.sharedAs = sharedAs
    void shared?.put(sharedAs, entry)
  }

  async function renderAnew(request: RenderRequest, variables: Record<string, string>): Promise<Recorded> {
    request.signal?.throwIfAborted()
    counters.renders++
    const { tools: noted, used } = trackTools(tools)
    const work = { ...(await prepare(request, variables)), tools: noted }
    const sourceType = await detectType(work)
    const renderType = renderers[sourceType]
    if (!renderType) {
      const message =
        'config management plugins are not supported: render the files in CI, or use Helm, Kustomize or Jsonnet'
      throw new StageError('manifest', message, { retry: false })
    }
    const { manifests, warnings } = await renderType(work)
    const observations = [work.tree, ...Object.values(work.refTrees)].flatMap((tree) => tree.observations)
    const inputs = [...new Set(observations.filter(({ digest }) => digest !== '').map(({ tree, path }) => tree + path))]
    const rendered: Rendered = { manifests, sourceType, warnings, inputs }
    const { environment, remote: fetched } = work
    return { rendered, observations, remote: fetched.observations, variables: environment.used, tools: used }
  }

  async function prepare(
    request: RenderRequest,
    variables: Record<string, string>,
  ): Promise<Omit<RenderWork, 'tools'>> {
    const tree = trackTree(request.tree, '')
    const refTrees: Record<string, TrackedTree> = {}
    for (const [name, refTree] of Object.entries(prefixed(request.refTrees ?? {})))
      refTrees[name] = trackTree(refTree, name)
    const path = await checkPath(request)
    const source = await withOverrides({ request, path, tree })
    const environment = buildEnvironment(variables)
    const files = openRemoteFiles(remote?.referredBy(request.application.project), request.signal)
    return {
      request,
      source,
      path,
      tree,
      refTrees,
      environment,
      remote: files,
      valuesFileSchemes: valuesFileSchemes(),
      limits,
    }
  }

  return { render, renewShared: async () => shared?.renew(memo), counters }
}

function sizeOf({ manifests }: Rendered): number {
  return manifests.reduce((sum, { object }) => sum + stringifyJson(object).length, 1024)
}

function prefixed(trees: Record<string, SourceTree>): Record<string, SourceTree> {
  return Object.fromEntries(Object.entries(trees).map(([name, tree]) => [`$${name}/`, tree]))
}

/** Not through the tracked tree: what matters of the directory is for the types to say. */
async function checkPath({ source, revision, tree }: RenderRequest): Promise<string> {
  const path = source.chart === undefined ? (source.path ?? '') : ''
  if (source.chart === undefined && path === '') {
    throw new StageError('manifest', 'the source has neither path nor chart: give the path of a directory', {
      retry: false,
    })
  }
  if (path.startsWith('/')) {
    const message = `path ${path} is absolute: paths start at the root of the repository, without a slash`
    throw new StageError('manifest', message, { retry: false })
  }
  const entry = await tree.stat(path)
  const at = `revision ${revision.slice(0, 12)} of ${source.repoURL ?? ''}`
  if (!entry) throw new StageError('manifest', `path ${path} does not exist in ${at}: check path`, { retry: false })
  if (entry.kind === 'submodule') throw unfetchedSubmodule(`path ${path}`)
  if (entry.kind !== 'directory') {
    throw new StageError('manifest', `path ${path} is a file: give the path of a directory`, { retry: false })
  }
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
}
