/** Which images of an application a rule is about, as they run now. Pure. */
import type { Application } from '../model/index.ts'
import { type ImageReference, isSameImage, parseReference } from './reference.ts'
import type { ImageRule } from './rules.ts'

/** During a roll-out there may be several versions of one image. */
export function runningImages({ status }: Pick<Application, 'status'>, rule: ImageRule): ImageReference[] {
  const images = (status?.summary?.images ?? []).flatMap((text) => parseReference(text) ?? [])
  const own = images.filter((image) => isSameImage(image, rule.image))
  if (own.length > 0 || rule.kustomizeName === '') return own
  // Kustomize has not replaced it yet.
  const before = parseReference(rule.kustomizeName)
  return before ? images.filter((image) => isSameImage(image, before)) : []
}
