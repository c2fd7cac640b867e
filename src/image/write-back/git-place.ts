/** Where in which repository new versions of an application's images are written. Pure. */
import { posix } from 'node:path'
import { type Application, type ApplicationSource, StageError, sourcesOf } from '../../model/index.ts'
import type { NewVersion } from '../parameters.ts'
import type { WriteBack } from '../rules.ts'
import { updatableSource } from '../updatable-source.ts'
import { type ChangeFile, changeHelmValues, changeKustomization, changeOverrides } from './target-file.ts'

export interface GitPlace {
  repoURL: string
  /** Empty for the default branch. */
  branch: string
  /** The first that is there, else the first. */
  files: string[]
  change: ChangeFile
}

type GitWriteBack = Extract<WriteBack, { method: 'git' }>

export interface GitPlaceOptions {
  writeBack: GitWriteBack
  versions: NewVersion[]
  /** As the application is called in the whole installation. */
  instance: string
}

const kustomizations = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']

/** Throws a StageError where there is no such place. */
export function gitPlace(application: Application, { writeBack, versions, instance }: GitPlaceOptions): GitPlace {
  const { target, repository } = writeBack
  const found = updatableSource(application, repository)
  if (!found) throw fault('the application has no source')
  const home = repositorySource(application, found.source, writeBack)
  const repoURL = repository || home?.repoURL
  if (!repoURL) throw fault('the source is a chart, which is in no Git repository: name one in git-repository')
  const branch = writeBack.branch || (home?.targetRevision ?? '')
  const folder = home?.path ?? ''
  const at = { repoURL, branch }
  if (target.kind === 'kustomization') {
    const files = kustomizations.map((name) => within(folder, posix.join(target.path || '.', name)))
    return { ...at, files, change: changeKustomization(versions) }
  }
  if (target.kind === 'helmvalues')
    return { ...at, files: [within(folder, target.path)], change: changeHelmValues(versions) }
  const change = changeOverrides({ source: found.source, type: found.type, versions })
  return { ...at, files: [within(folder, `.argocd-source-${instance}.yaml`)], change }
}

/** The source that is in the repository to write to. */
function repositorySource(
  { spec }: Application,
  source: ApplicationSource,
  { repository, target }: GitWriteBack,
): ApplicationSource | undefined {
  if (repository !== '') return sourcesOf(spec).find(({ repoURL }) => repoURL === repository)
  if (source.chart === undefined) return source
  // Values of a chart are often in another source.
  return target.kind === 'helmvalues' ? sourcesOf(spec).find(({ chart }) => chart === undefined) : undefined
}

/** With a slash at its beginning from the root, else from the folder of the source; never out of the repository. */
function within(folder: string, path: string): string {
  const whole = posix.normalize(path.startsWith('/') ? path.slice(1) : posix.join(folder, path))
  if (whole.startsWith('../') || whole === '..' || whole === '.' || whole.startsWith('/'))
    throw fault(`write-back-target leads out of the repository: ${path}`)
  return whole
}

function fault(message: string): StageError {
  return new StageError('spec', message, { retry: false })
}
