/** Request bodies of the media type application/vnd.kubernetes.protobuf. */
import type { JsonObject } from '../object.ts'
import { badRequest } from '../refusal.ts'
import { knowsMessage, messageJson } from './message.ts'
import { WireError, type WireField, wireFields } from './wire.ts'

export const protobufType = 'application/vnd.kubernetes.protobuf'

/** What every body begins with. */
const prefix = Buffer.from('k8s\0')

function textAt(fields: WireField[], number: number): string {
  const value = fields.find((field) => field.number === number)?.value
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : ''
}

function bytesAt(fields: WireField[], number: number): Uint8Array {
  const value = fields.find((field) => field.number === number)?.value
  return value instanceof Uint8Array ? value : new Uint8Array()
}

/** The message of a kind: its package is the group's first word. Options are messages of no group. */
function messageName(apiVersion: string, kind: string): string | undefined {
  const [version = '', group = ''] = apiVersion.split('/').reverse()
  const names = [`${group.split('.')[0] || 'core'}.${version}.${kind}`, `meta.v1.${kind}`]
  return names.find(knowsMessage)
}

/** The object in a body, as JSON would have it. Throws the 400 of a body that is none, or of a kind without protobuf. */
export function readProtobuf(body: Uint8Array): JsonObject {
  if (Buffer.compare(body.subarray(0, prefix.length), prefix) !== 0) {
    throw badRequest('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]')
  }
  try {
    const envelope = wireFields(body.subarray(prefix.length))
    const typeMeta = wireFields(bytesAt(envelope, 1))
    const [apiVersion, kind] = [textAt(typeMeta, 1), textAt(typeMeta, 2)]
    const name = messageName(apiVersion, kind)
    if (!name) throw badRequest(`no kind "${kind}" is registered for version "${apiVersion}"`)
    return { apiVersion, kind, ...messageJson(name, bytesAt(envelope, 2)) }
  } catch (error) {
    if (error instanceof WireError || error instanceof SyntaxError) throw badRequest(error.message)
    throw error
  }
}
