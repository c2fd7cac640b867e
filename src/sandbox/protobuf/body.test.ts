import { expect, test } from 'vitest'
import { StatusError } from '../status.ts'
import { readProtobuf } from './body.ts'

/** A field of bytes, and one that is a number. */
function field(number: number, value: string | Uint8Array | number): Uint8Array {
  if (typeof value === 'number') return Uint8Array.from([number << 3, ...varint(value)])
  const bytes = Buffer.from(value as string)
  return Uint8Array.from([(number << 3) | 2, ...varint(bytes.length), ...bytes])
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(Math.floor(value / 0x80))]
}

function message(...fields: Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(fields))
}

function bodyOf(apiVersion: string, kind: string, raw: Uint8Array): Uint8Array {
  const typeMeta = message(field(1, apiVersion), field(2, kind))
  return message(Buffer.from('k8s\0'), field(1, typeMeta), field(2, raw))
}

test('a Secret is read with its labels, its data in base64 and its type', () => {
  const metadata = message(field(1, 'release'), field(11, message(field(1, 'owner'), field(2, 'helm'))))
  const secret = message(field(1, metadata), field(2, message(field(1, 'key'), field(2, 'äb'))), field(3, 'Opaque'))
  expect(readProtobuf(bodyOf('v1', 'Secret', secret))).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'release', labels: { owner: 'helm' } },
    data: { key: 'w6Ri' },
    type: 'Opaque',
  })
})

test('numbers, lists, inlined structs, quantities, times and int-or-strings have their JSON form', () => {
  const port = message(field(3, 8080), field(4, message(field(1, 1), field(3, 'http'))))
  const service = message(field(1, message(field(8, message(field(1, 1_700_000_000))))), field(2, field(1, port)))
  expect(readProtobuf(bodyOf('v1', 'Service', service))).toMatchObject({
    metadata: { creationTimestamp: '2023-11-14T22:13:20Z' },
    spec: { ports: [{ port: 8080, targetPort: 'http' }] },
  })
  const limit = message(field(1, 'cpu'), field(2, field(1, '500m')))
  const claim = message(field(2, field(2, field(2, limit))))
  expect(readProtobuf(bodyOf('v1', 'PersistentVolumeClaim', claim))).toMatchObject({
    spec: { resources: { requests: { cpu: '500m' } } },
  })
  const volume = message(field(1, 'v'), field(2, field(6, field(1, 'secret'))))
  const pod = message(field(2, field(1, volume)))
  expect(readProtobuf(bodyOf('v1', 'Pod', pod))).toMatchObject({
    spec: { volumes: [{ name: 'v', secret: { secretName: 'secret' } }] },
  })
})

test('the options of a delete may be given under any group', () => {
  const options = message(field(1, 0), field(4, 'Foreground'))
  expect(readProtobuf(bodyOf('apps/v1', 'DeleteOptions', options))).toMatchObject({
    gracePeriodSeconds: 0,
    propagationPolicy: 'Foreground',
  })
})

test.each([
  ['JSON in disguise', Buffer.from('{"kind":"Secret"}'), 'provided data does not appear to be a protobuf message'],
  ['half a message', bodyOf('v1', 'Secret', Uint8Array.from([0x0a, 0x20])), 'unexpected EOF'],
  ['a kind that has no protobuf', bodyOf('example.com/v1', 'Widget', new Uint8Array()), 'no kind "Widget"'],
])('%s is refused with a 400', (_, body, message) => {
  expect(() => readProtobuf(body)).toThrow(StatusError)
  expect(() => readProtobuf(body)).toThrow(message)
})
