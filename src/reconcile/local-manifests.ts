/** Manifests that somebody has rendered by themselves, in the place of what the sources render to. Pure. */
import { type KubeObject, type Manifest, messageOf, parseJson, StageError, type SyncOperation } from '../model/index.ts'
import type { RenderedSources } from './render.ts'

/** undefined where the sources are meant. Throws a StageError for what is no manifest. */
export function localManifests({ manifests = [] }: Pick<SyncOperation, 'manifests'>): RenderedSources | undefined {
  if (manifests.length === 0) return undefined
  return { revisions: [], manifests: manifests.map(read), sourceTypes: [], findings: [], servedKinds: {} }
}

function read(text: string, index: number): Manifest {
  const object = parsed(text, index) as Partial<KubeObject> | null
  const { apiVersion, kind, metadata } = Object(object) as Partial<KubeObject>
  if (!apiVersion || !kind || !(metadata?.name || metadata?.generateName)) {
    throw refused(index, 'it needs apiVersion, kind and metadata.name')
  }
  return { object: object as KubeObject }
}

function parsed(text: string, index: number): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    throw refused(index, `it is not JSON: ${messageOf(error)}`)
  }
}

function refused(index: number, why: string): StageError {
  return new StageError('manifest', `manifests[${index}] cannot be used: ${why}`, { retry: false })
}
