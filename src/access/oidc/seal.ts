/** Values that only Tiphys can read and write, for keeping them with the browser: AES-256-GCM. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** A value sealed for one purpose cannot be opened for another. */
export type Purpose = 'login' | 'session'

export interface Seal {
  close(purpose: Purpose, value: unknown): string
  /** Undefined when it was not sealed here, for this purpose, with this key. */
  open(purpose: Purpose, sealed: string): unknown
}

const algorithm = 'aes-256-gcm'
const ivLength = 12
const tagLength = 16

/** Keys are derived from `server.secretkey`: a new one makes all sealed values worthless. */
export function sealWith(serverKey: string): Seal {
  const keyFor = (purpose: Purpose) => Buffer.from(hkdfSync('sha256', serverKey, 'tiphys', `sso ${purpose}`, 32))
  return {
    close(purpose, value) {
      const iv = randomBytes(ivLength)
      const cipher = createCipheriv(algorithm, keyFor(purpose), iv, { authTagLength: tagLength })
      const text = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')
    },
    open(purpose, sealed) {
      const bytes = Buffer.from(sealed, 'base64url')
      if (bytes.length <= ivLength + tagLength) return undefined
      const tag = bytes.subarray(ivLength, ivLength + tagLength)
      try {
        const decipher = createDecipheriv(algorithm, keyFor(purpose), bytes.subarray(0, ivLength), {
          authTagLength: tagLength,
        }).setAuthTag(tag)
        const text = Buffer.concat([decipher.update(bytes.subarray(ivLength + tagLength)), decipher.final()])
        return JSON.parse(text.toString('utf8'))
      } catch {
        return undefined
      }
    },
  }
}
