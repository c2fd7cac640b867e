/** What a failed sync may have tripped over, as one short text: when it changes, trying again is promising. Pure. */
import { createHash } from 'node:crypto'
import type { Observation } from './observe.ts'

/** `more`: what else is to count. */
export function fingerprintOf({ rendered, resources, cluster }: Observation, more: string[]): string {
  const hash = createHash('sha1').update(rendered?.revisions.join() ?? '')
  hash.update(cluster?.live.resources().versions.join() ?? '')
  for (const { key, live, verdict } of resources) {
    hash.update(`${key.group}/${key.kind}/${key.namespace}/${key.name}:${verdict.kind}:${live?.contentHash ?? ''};`)
    if (verdict.kind === 'changed') hash.update(verdict.refused ?? '')
  }
  hash.update(more.join('\0'))
  return hash.digest('base64url')
}
