/** Which of the replicas something belongs to: when one goes, only what was its own moves. Pure. */
import { createHash } from 'node:crypto'

/** The one whose hash with the name is the highest; undefined without any. */
export function ownerOf(name: string, replicas: Iterable<string>): string | undefined {
  let best: { replica: string; score: string } | undefined
  for (const replica of replicas) {
    const score = createHash('sha256').update(`${replica}\n${name}`).digest('hex')
    if (!best || score > best.score) best = { replica, score }
  }
  return best?.replica
}
