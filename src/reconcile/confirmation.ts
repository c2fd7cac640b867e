/** What must not be deleted before somebody has confirmed it, and whether somebody has. Pure. */
import { type Application, annotation, type KubeObject, listAnnotation } from '../model/index.ts'

type Deleting = 'Prune' | 'Delete'

/** `true`, `false` or `confirm`: an object's own option before the application's. */
export function deletingOption(object: KubeObject, name: Deleting, syncOptions: string[]): string | undefined {
  const own = listAnnotation(object.metadata.annotations?.[annotation.syncOptions])
  return [...own, ...syncOptions].find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1)
}

export function asksForConfirmation(object: KubeObject, { spec }: Application): boolean {
  const options = spec.syncPolicy?.syncOptions ?? []
  return (['Prune', 'Delete'] as const).some((name) => deletingOption(object, name, options) === 'confirm')
}

/** `since`: RFC 3339; a confirmation counts only for what was known when it was given. */
export function isConfirmed({ metadata }: Application, since: string | undefined): boolean {
  const approved = Date.parse(metadata.annotations?.[annotation.deletionApproved] ?? '')
  return since !== undefined && approved >= Date.parse(since)
}
