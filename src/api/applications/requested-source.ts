/** The source that a question about a revision means. Pure. */
import { type Application, type ApplicationSource, type RevisionHistory, sourcesOf } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'

export interface SourceQuery {
  sourceIndex?: number
  versionId?: number
}

export function requestedSource(
  application: Application,
  { sourceIndex = 0, versionId }: SourceQuery,
): ApplicationSource {
  const sources = versionId === undefined ? sourcesOf(application.spec) : sourcesAt(application, versionId)
  const source = sources[sourceIndex]
  if (source) return source
  throw new ApiError(
    'InvalidArgument',
    `there is no source ${sourceIndex}: there are ${sources.length}, counted from 0`,
  )
}

function sourcesAt(application: Application, id: number): ApplicationSource[] {
  const { source, sources = [] } = deployment(application, id)
  return sources.length > 0 ? sources : source ? [source] : []
}

/** Throws InvalidArgument when the history has none of this id. */
export function deployment({ metadata, status }: Application, id: number): RevisionHistory {
  const found = status?.history?.find((one) => one.id === id)
  if (!found) throw new ApiError('InvalidArgument', `the history of ${metadata.name} has no deployment ${id}`)
  return found
}
