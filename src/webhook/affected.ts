/** Which applications an event touches, out of ten thousand, without looking at the others. */
import { type Application, type ApplicationSource, annotation, sourcesOf } from '../model/index.ts'
import type { ArtifactEvent, GitEvent, WebhookEvent } from './event.ts'
import { type ChangedFiles, changedFilesOf, type RefreshPath, refreshPaths, touchesAny } from './refresh-paths.ts'
import { repositoryKey } from './repository-key.ts'
import { type Admits, followsRef, followsTag, type Target } from './target-revision.ts'

interface IndexedSource extends Target {
  application: Application
  paths: RefreshPath[]
}

/** Made once for a list of applications, and good until the list changes. */
export interface ApplicationIndex {
  /** Repository key → the sources that are in it. */
  git: Map<string, IndexedSource[]>
  artifacts: Map<string, IndexedSource[]>
  admits: Admits
}

export function indexApplications(applications: Iterable<Application>, admits: Admits): ApplicationIndex {
  const index: ApplicationIndex = { git: new Map(), artifacts: new Map(), admits }
  for (const application of applications) {
    const generatePaths = application.metadata.annotations?.[annotation.manifestGeneratePaths]
    for (const source of sourcesOf(application.spec)) {
      const { targetRevision = '', tagPrefix = '', path = '' } = source
      const paths = refreshPaths(generatePaths, path)
      for (const [sources, key] of placesOf(source, index))
        append(sources, key, { application, targetRevision, tagPrefix, paths })
    }
  }
  return index
}

function placesOf(source: ApplicationSource, index: ApplicationIndex): [Map<string, IndexedSource[]>, string][] {
  const repoURL = source.repoURL ?? ''
  const isArtifact = source.chart !== undefined || /^oci:\/\//i.test(repoURL)
  if (!isArtifact) return keysOf([repoURL]).map((key) => [index.git, key])
  // A chart's own repository is the registry's path with its name behind; some give the whole path already.
  const addresses = source.chart ? [repoURL, `${repoURL.replace(/\/$/, '')}/${source.chart}`] : [repoURL]
  return keysOf(addresses).map((key) => [index.artifacts, key])
}

function keysOf(addresses: string[]): string[] {
  return [...new Set(addresses.map(repositoryKey))].filter((key) => key !== undefined)
}

function append(sources: Map<string, IndexedSource[]>, key: string, source: IndexedSource): void {
  const known = sources.get(key)
  if (known) known.push(source)
  else sources.set(key, [source])
}

export function affectedApplications(event: WebhookEvent, index: ApplicationIndex): Application[] {
  const found = event.kind === 'git' ? touchedByPush(event, index) : touchedByArtifact(event, index)
  return [...new Set(found.map(({ application }) => application))]
}

function touchedByPush(event: GitEvent, { git, admits }: ApplicationIndex): IndexedSource[] {
  const files: ChangedFiles | 'unknown' =
    event.changedFiles === 'unknown' ? 'unknown' : changedFilesOf(event.changedFiles)
  return keysOf(event.urls)
    .flatMap((key) => git.get(key) ?? [])
    .filter((source) => followsRef(source, event, admits) && (files === 'unknown' || touchesAny(source.paths, files)))
}

function touchedByArtifact(event: ArtifactEvent, { artifacts, admits }: ApplicationIndex): IndexedSource[] {
  return keysOf([`oci://${event.registry}/${event.repository}`])
    .flatMap((key) => artifacts.get(key) ?? [])
    .filter((source) => followsTag(source, event, admits))
}
