/** Short names for pod templates and revisions, in the alphabet that Kubernetes uses so that no word arises. */
import { dumpPodTemplate } from './go-dump.ts'

const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

/** Each digit of the number as a letter: rand.SafeEncodeString of k8s.io/apimachinery. */
function safeEncode(digits: string): string {
  return [...digits].map((digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join('')
}

const offset = 0x811c9dc5
const prime = 0x01000193

/** FNV-1 (not 1a, 32 bits) of the text's UTF-8 bytes. */
export function fnv32(text: string): number {
  let hash = offset
  for (const byte of Buffer.from(text)) hash = (Math.imul(hash, prime) ^ byte) >>> 0
  return hash >>> 0
}

function fnv32a(bytes: Uint8Array): number {
  let hash = offset
  for (const byte of bytes) hash = Math.imul(hash ^ byte, prime)
  return hash >>> 0
}

/** The value of pod-template-hash: the same as on any cluster of the API's version, for a template with its defaults. */
export function templateHash(template: object, collisionCount?: number): string {
  const collisions = Buffer.alloc(collisionCount === undefined ? 0 : 8)
  if (collisionCount !== undefined) collisions.writeUInt32LE(collisionCount)
  return safeEncode(String(fnv32a(Buffer.concat([Buffer.from(dumpPodTemplate(template)), collisions]))))
}

/** JSON with keys in order, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

/** Names the data of a StatefulSet's revision, as HashControllerRevision does; `collisionCount` grows when two different values happened to get one name. */
export function shortHash(value: unknown, collisionCount?: number): string {
  return safeEncode(String(fnv32(canonicalJson(value) + (collisionCount ?? ''))))
}
