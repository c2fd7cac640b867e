/** The images of one application as people look them up: what runs, and what its rules would make of that. Pure. */
import type { Application } from '../model/index.ts'
import type { Finding } from './finding.ts'
import { imageKey, parseReference, versionText } from './reference.ts'

export interface ImageRow extends Partial<Omit<Finding, 'image' | 'running'>> {
  /** Without tag and digest. */
  image: string
  /** `TAG[@DIGEST]`; during a roll-out there may be several, and none of what is only asked for. */
  running: string[]
}

/** `findings`: one for each rule; images that no rule is about stand alone. */
export function imageRows({ status }: Pick<Application, 'status'>, findings: Finding[] = []): ImageRow[] {
  const rows = new Map<string, ImageRow>()
  for (const text of status?.summary?.images ?? []) {
    const reference = parseReference(text)
    const key = reference ? imageKey(reference) : text
    const row = rows.get(key) ?? { image: reference?.name ?? text, running: [] }
    if (reference) row.running.push(versionText({ ...reference, tag: reference.tag ?? '' }))
    rows.set(key, row)
  }
  for (const { image } of findings) {
    const reference = parseReference(image)
    if (reference) rows.delete(imageKey(reference))
  }
  return [...findings, ...rows.values()].sort((one, other) => (one.image < other.image ? -1 : 1))
}
