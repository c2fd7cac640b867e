import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeFrame, frameReader, type Incoming, opcode, ProtocolError } from './websocket-frames.ts'

/** A frame as a server sends it: without a mask. */
function served(code: number, payload: Uint8Array, isFinal = true): Buffer {
  const masked = encodeFrame(code, payload, Buffer.alloc(4))
  const size = masked.length - payload.length - 4
  const frame = Buffer.concat([masked.subarray(0, size), payload])
  frame[0] = (isFinal ? 0x80 : 0) | code
  frame[1] = (frame[1] ?? 0) & 0x7f
  return frame
}

function read(bytes: Buffer, sizes = [bytes.length || 1]): Incoming[] {
  const reader = frameReader()
  const found: Incoming[] = []
  for (let start = 0, turn = 0; start < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    found.push(...reader(bytes.subarray(start, start + size)))
    start += size
  }
  return found
}

/** Whole messages and control frames, in the order in which they end. */
function joined(frames: Incoming[]): [string, string][] {
  let begun: Buffer[] = []
  return frames.flatMap((frame): [string, string][] => {
    if (frame.kind !== 'part') return [[frame.kind, frame.data.toString('hex')]]
    begun.push(frame.data)
    if (!frame.last) return []
    const whole = Buffer.concat(begun).toString('hex')
    begun = []
    return [['message', whole]]
  })
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 })
const control = fc.record({
  kind: fc.constantFrom('ping' as const, 'pong' as const, 'close' as const),
  data: fc.uint8Array({ maxLength: 125 }),
})
const message = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 4 })

test('the example of the standard is written as it stands there', () => {
  const mask = Buffer.from('37fa213d', 'hex')
  expect(encodeFrame(opcode.text, Buffer.from('Hello'), mask).toString('hex')).toBe('818537fa213d7f9f4d5158')
})

test('the examples of the standard are read as it says', () => {
  expect(joined(read(Buffer.from('810548656c6c6f', 'hex')))).toEqual([['message', '48656c6c6f']])
  expect(joined(read(Buffer.from('010348656c80026c6f', 'hex')))).toEqual([['message', '48656c6c6f']])
  expect(joined(read(Buffer.from('890548656c6c6f', 'hex')))).toEqual([['ping', '48656c6c6f']])
})

test('messages come out whole, however they are cut into frames and these into chunks, with control frames between', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(message, fc.array(control, { maxLength: 3 }))), sizes, (messages, sizes) => {
      const bytes: Buffer[] = []
      const expected: [string, string][] = []
      for (const [pieces, controls] of messages) {
        pieces.forEach((piece, index) => {
          bytes.push(served(index === 0 ? opcode.binary : opcode.continuation, piece, index === pieces.length - 1))
          const between = index < pieces.length - 1 ? controls[index] : undefined
          if (!between) return
          bytes.push(served(opcode[between.kind], between.data))
          expected.push([between.kind, Buffer.from(between.data).toString('hex')])
        })
        expected.push(['message', Buffer.concat(pieces).toString('hex')])
      }
      expect(joined(read(Buffer.concat(bytes), sizes))).toEqual(expected)
    }),
  )
})

test('lengths of every form are read and written', () => {
  for (const length of [0, 125, 126, 65_535, 65_536, 200_000]) {
    const payload = Buffer.alloc(length, 7)
    expect(joined(read(served(opcode.binary, payload), [1_000]))).toEqual([['message', payload.toString('hex')]])
  }
})

test('of a message that is larger than memory each piece is told as it comes', () => {
  const reader = frameReader()
  const header = Buffer.from([0x82, 127, 0, 0, 0x10, 0, 0, 0, 0, 0])
  expect([...reader(header)]).toEqual([])
  const [part] = [...reader(Buffer.alloc(65_536))]
  expect(part).toMatchObject({ kind: 'part', last: false })
  expect(part?.data).toHaveLength(65_536)
})

test.each([
  ['a bit is set', Buffer.from([0xc2, 0])],
  ['masked', Buffer.from([0x82, 0x80, 0, 0, 0, 0])],
  ['opcode 3', Buffer.from([0x83, 0])],
  ['opcode 11', Buffer.from([0x8b, 0])],
  ['in pieces or too long', Buffer.from([0x09, 0])],
  ['in pieces or too long', Buffer.from([0x89, 126, 1, 0])],
  ['a continuation of nothing', Buffer.from([0x80, 0])],
  ['a message within a message', Buffer.from([0x02, 0, 0x82, 0])],
  ['no sensible length', Buffer.from([0x82, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
])('a server that breaks the rules is told so: %s', (words, bytes) => {
  expect(() => read(bytes)).toThrow(ProtocolError)
  expect(() => read(bytes)).toThrow(words)
})

test('any bytes at all are read, or refused as a breach of the protocol', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), sizes, (bytes, sizes) => {
      try {
        read(Buffer.from(bytes), sizes)
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError)
      }
    }),
    { numRuns: 1_000 },
  )
})
