/** The images of one application, a row each: what runs, what its rule makes of that, and what was written last. Pure. */
import type { Application } from '../model/index.ts'
import type { Finding } from './finding.ts'
import type { RecalledFinding } from './recalled.ts'
import { imageKey, parseReference, versionText } from './reference.ts'
import { isAbout, type RecordedUpdate, recordedUpdates } from './update-record.ts'

export interface ImageRow extends Partial<Omit<Finding, 'image' | 'running'>> {
  /** Without tag and digest. */
  image: string
  /** `TAG[@DIGEST]`; during a roll-out there may be several, and none of what is only asked for. */
  running: string[]
  /** What was written last for the rule. */
  updated?: Omit<RecordedUpdate, 'alias' | 'image'>
}

/** `findings`: one for each rule; images that no rule is about stand alone. */
export function imageRows(
  application: Pick<Application, 'metadata' | 'status'>,
  findings: RecalledFinding[] = [],
): ImageRow[] {
  const rows = new Map<string, ImageRow>()
  for (const text of application.status?.summary?.images ?? []) {
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
  const recorded = recordedUpdates(application)
  const followed = findings.map((finding): ImageRow => {
    const { alias: _alias, image: _image, ...updated } = recorded.find((one) => isAbout(one, finding)) ?? {}
    if (!('at' in updated)) return finding
    // A commit runs when it is synced; of the spec it is known without a record.
    const isWritten = finding.state === 'outdated' && updated.to === finding.newest
    return { ...finding, updated, ...(isWritten && { state: 'written' }) }
  })
  return [...followed, ...rows.values()].sort((one, other) => (one.image < other.image ? -1 : 1))
}
