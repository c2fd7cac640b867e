/** The Secret with sessions that were signed out, when an older one is brought back: none of them comes to life. Pure. */
import { Revocations } from '../../access/session/revocations.ts'
import type { KubeObject } from '../../model/index.ts'

/** What is revoked in either is revoked; what else is counted there goes on from what is there. */
export function keptAccess(object: KubeObject, live: KubeObject): KubeObject {
  const revocations = Revocations.fromText(textOf(live))
  revocations.take(textOf(object))
  const text = Buffer.from(revocations.toText(), 'utf8').toString('base64')
  return { ...object, data: { ...(object.data as object), ...(live.data as object), revocations: text } }
}

function textOf({ data }: KubeObject): string | undefined {
  const text = (data as Record<string, string> | undefined)?.revocations
  return text && Buffer.from(text, 'base64').toString('utf8')
}
