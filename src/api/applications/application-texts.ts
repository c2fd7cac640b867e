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

/** What has been made of one version of an application, by the selection. */
interface Version {
  resourceVersion: string
  texts: Map<string, ApplicationText>
  bytes: number
}

/** Bytes; a thousand applications with long statuses, or tens of thousands by a few fields. */
const kept = 48 * 1024 * 1024
const entryOverhead = 200

export function openApplicationTexts(): ApplicationTexts {
  /** By uid: with a new version, what was made of the one before goes. */
  const versions = new LRUCache<string, Version>({ maxSize: kept, sizeCalculation: ({ bytes }) => bytes })
  return {
    of(application, selection) {
      const { uid = '', resourceVersion = '' } = application.metadata
      const known = versions.get(uid)
      const isKnown = known?.resourceVersion === resourceVersion
      const version = isKnown ? known : { resourceVersion, texts: new Map(), bytes: entryOverhead }
      const key = typeof selection === 'string' ? selection : selection.digest
      const ready = version.texts.get(key)
      if (ready) return ready
      const json = bytesOf(stringifyJson(selectFields(application, selection)))
      const made = { json, digest: hash('sha1', json, 'base64url') }
      version.texts.set(key, made)
      version.bytes += json.length + entryOverhead
      // A copy, as the size of the same one is not counted anew.
      versions.set(uid, { ...version })
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
