/** The revisions that somebody asks for, one for each source. Pure. */
import { ApiError } from '../api-error.ts'
import { listOf } from './application-filter.ts'

export interface RevisionQuery {
  revision?: string
  sourcePositions?: string | string[]
  revisions?: string | string[]
}

/** undefined: those that the sources name. '' stands for a source that nothing is asked of. */
export function requestedRevisions(query: RevisionQuery, sourceCount: number): string[] | undefined {
  const positions = listOf(query.sourcePositions)
  const revisions = listOf(query.revisions)
  if (positions.length !== revisions.length) {
    throw new ApiError(
      'InvalidArgument',
      'give as many revisions as sourcePositions, each for the source at that place',
    )
  }
  if (positions.length === 0) return query.revision ? [query.revision] : undefined
  const wanted: string[] = new Array(sourceCount).fill('')
  for (const [index, position] of positions.entries()) {
    const at = Number(position)
    if (!Number.isInteger(at) || at < 1 || at > sourceCount) {
      throw new ApiError('InvalidArgument', `sourcePositions has ${position}: the sources are 1 to ${sourceCount}`)
    }
    wanted[at - 1] = revisions[index] ?? ''
  }
  return wanted
}
