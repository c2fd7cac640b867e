/** The JSON text of applications, made once for each version of one and each selection of its fields. */
import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { type Application, stringifyJson } from '../../model/index.ts'
import { type PartSelection, selectFields } from './field-selection.ts'

export interface ApplicationText {
  /** Bytes, so that a thousand of them are laid together without being read again. */
  json: Buffer
  /** Equal for equal texts. */
  digest: string
}

export interface ApplicationTexts {
  of(application: Application, selection: PartSelection): ApplicationText
}

/** Bytes; a thousand applications with long statuses, or tens of thousands by a few fields. */
const kept = 48 * 1024 * 1024
const entryOverhead = 200

export function openApplicationTexts(): ApplicationTexts {
  const texts = new LRUCache<string, ApplicationText>({
    maxSize: kept,
    sizeCalculation: ({ json }, key) => json.length + key.length + entryOverhead,
  })
  return {
    of(application, selection) {
      const { uid, resourceVersion } = application.metadata
      const key = `${uid} ${resourceVersion} ${typeof selection === 'string' ? selection : selection.digest}`
      const known = texts.get(key)
      if (known) return known
      const json = bytesOf(stringifyJson(selectFields(application, selection)))
      const made = { json, digest: hash('sha1', json, 'base64url') }
      texts.set(key, made)
      return made
    },
  }
}

/** In memory of its own: a short one would otherwise keep a whole page of others. */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text))
  bytes.write(text)
  return bytes
}
