/** Short names for pod templates and revisions, in the alphabet that Kubernetes uses so that no word arises. */

const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

/** Each digit of the number as a letter: rand.SafeEncodeString of k8s.io/apimachinery. */
function safeEncode(digits: string): string {
  return [...digits].map((digit) => alphabet[digit.charCodeAt(0) % alphabet.length]).join('')
}

/** FNV-1 (not 1a, 32 bits) of the text's UTF-8 bytes. */
export function fnv32(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = (Math.imul(hash, 0x01000193) ^ byte) >>> 0
  return hash >>> 0
}

/** JSON with keys in order, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

/** Names a value; `collisionCount` grows when two different values happened to get one name. */
export function shortHash(value: unknown, collisionCount?: number): string {
  return safeEncode(String(fnv32(canonicalJson(value) + (collisionCount ?? ''))))
}
