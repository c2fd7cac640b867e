/** Values that only replicas of one installation can read and write, under names that tell nothing: AES-256-GCM and HMAC. */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** A value sealed under one name cannot be opened under another. */
export interface Seal {
  /** A key may hold what nobody is to guess, such as a Helm parameter. */
  nameOf(key: string): string
  close(name: string, value: Buffer): Buffer
  /** Undefined when it was not sealed by this installation, under this name, in this format. */
  open(name: string, sealed: Buffer): Buffer | undefined
}

/** The first byte of each value, and part of each name: who writes in another format is not met. */
const format = 1
const algorithm = 'aes-256-gcm'
const saltLength = 16
const tagLength = 16
const ivLength = 12
const keyLength = 32

/** What sealing adds to a value. */
export const sealLength = 1 + saltLength + tagLength

/** Keys are derived from `server.secretkey`: with a new one nothing is found that was kept under the old one. */
export function sealWith(serverKey: string): Seal {
  const derived = (purpose: string) => Buffer.from(hkdfSync('sha256', serverKey, 'tiphys', purpose, keyLength))
  const nameKey = derived('shared cache names')
  const valueKey = derived('shared cache values')

  /** Each value has a key of its own, so that no number of them is too many for it. */
  function keyFor(salt: Buffer): { key: Buffer; iv: Buffer } {
    const bytes = Buffer.from(hkdfSync('sha256', valueKey, salt, 'value', keyLength + ivLength))
    return { key: bytes.subarray(0, keyLength), iv: bytes.subarray(keyLength) }
  }

  return {
    nameOf: (key) => `tiphys:${format}:${createHmac('sha256', nameKey).update(key).digest('base64url')}`,
    close(name, value) {
      const salt = randomBytes(saltLength)
      const { key, iv } = keyFor(salt)
      const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagLength }).setAAD(Buffer.from(name))
      const content = [cipher.update(value), cipher.final()]
      return Buffer.concat([Buffer.of(format), salt, cipher.getAuthTag(), ...content])
    },
    open(name, sealed) {
      if (sealed.length < sealLength || sealed[0] !== format) return undefined
      const salt = sealed.subarray(1, 1 + saltLength)
      const tag = sealed.subarray(1 + saltLength, sealLength)
      const { key, iv } = keyFor(salt)
      const decipher = createDecipheriv(algorithm, key, iv, { authTagLength: tagLength })
      decipher.setAAD(Buffer.from(name)).setAuthTag(tag)
      try {
        return Buffer.concat([decipher.update(sealed.subarray(sealLength)), decipher.final()])
      } catch {
        return undefined
      }
    },
  }
}
