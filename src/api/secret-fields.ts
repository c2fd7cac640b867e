/** The data of a Secret as Argo CD writes it: a key appears once it has a value, and stays. Pure. */

import type { SecretType } from '../live/index.ts'
import { annotation, type KubeObject, label } from '../model/index.ts'

/** What a field holds in a Secret: text, `true` or `false`, or digits. */
export type FieldKind = 'text' | 'flag' | 'number'

export function encoded(text: string): string {
  return Buffer.from(text).toString('base64')
}

export function fieldText(value: unknown): string {
  return value === undefined || value === null ? '' : String(value)
}

/** Whether a value has to be written: empty ones only over others. */
export function isWritten(kind: FieldKind, text: string, isKnown: boolean): boolean {
  return isKnown || (text !== '' && !(kind === 'flag' && text === 'false') && !(kind === 'number' && text === '0'))
}

/** Go's words for true. */
export function isTrue(text: string | undefined): boolean {
  return /^(1|t|T|TRUE|true|True)$/.test(text ?? '')
}

const managedBy = 'argocd.argoproj.io'

/** By these Argo CD finds a Secret again, and knows that it may delete it. */
export function markedMetadata(type: SecretType) {
  return { labels: { [label.secretType]: type }, annotations: { [annotation.managedBy]: managedBy } }
}

/** One that somebody else has made is not deleted but let go of. */
export function isOurs({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[annotation.managedBy] === managedBy
}
