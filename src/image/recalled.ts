/** What is known of an image without asking anybody: how it runs now, and what the last look at its registry found. Pure. */
import type { Application } from '../model/index.ts'
import type { Finding } from './finding.ts'
import { versionText } from './reference.ts'
import type { ImageRule } from './rules.ts'
import { runningImages } from './running.ts'

/** Without a state where the registry has not been asked. */
export type RecalledFinding = Omit<Finding, 'state'> & Partial<Pick<Finding, 'state'>>

export function recalled(
  application: Pick<Application, 'status'>,
  rule: ImageRule,
  known: Finding[] = [],
): RecalledFinding {
  const { alias, image, strategy, constraint } = rule
  const running = runningImages(application, rule).map(({ tag = '', digest }) =>
    versionText({ tag, ...(digest && { digest }) }),
  )
  const now: RecalledFinding = { alias, image: image.name, strategy, constraint, running }
  if (running.length === 0 && !rule.forceUpdate) return { ...now, state: 'not running' }
  const found = known.find((one) => isOf(one, rule))
  if (!found || found.state === 'not running') return now
  const { newest, state } = found
  // It has been rolled out since.
  const wasBehind = state === 'outdated' || state === 'written'
  const isThere = wasBehind && running.length > 0 && running.every((version) => version === newest)
  return { ...found, running, state: isThere ? 'current' : state }
}

/** A rule that was changed since says nothing of what the new one would choose. */
function isOf(finding: Finding, { alias, image, strategy, constraint }: ImageRule): boolean {
  return (
    finding.alias === alias &&
    finding.image === image.name &&
    finding.strategy === strategy &&
    finding.constraint === constraint
  )
}
