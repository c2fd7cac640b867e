/** A refresh that somebody asked for by annotation, as Argo CD's clients do. Pure. */
import { type Application, annotation } from '../model/index.ts'

export type Refresh = 'normal' | 'hard'

export function refreshAsked({ metadata }: Application): Refresh | undefined {
  const value = metadata.annotations?.[annotation.refresh]
  if (value === undefined) return undefined
  return value === 'hard' ? 'hard' : 'normal'
}

/** The merge patch that takes the request off; it is refused when somebody has asked again in the meantime. */
export function refreshDone({ metadata }: Application): object {
  const annotations = {
    [annotation.refresh]: null,
    ...(metadata.annotations?.[annotation.refreshTimestamp] && { [annotation.refreshTimestamp]: null }),
  }
  return { annotations, resourceVersion: metadata.resourceVersion }
}
