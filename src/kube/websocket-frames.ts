/** Frames of the WebSocket protocol (RFC 6455), as a client writes and reads them. Pure. */

export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** A piece of a message, as much as has come; messages may be larger than memory. */
export interface MessagePart {
  kind: 'part'
  data: Buffer
  /** The message ends with it. */
  last: boolean
}

export interface ControlFrame {
  kind: 'close' | 'ping' | 'pong'
  data: Buffer
}

export type Incoming = MessagePart | ControlFrame

export class ProtocolError extends Error {
  constructor(what: string) {
    super(`the server broke the WebSocket protocol: ${what}`)
    this.name = 'ProtocolError'
  }
}

const controlKinds: Record<number, ControlFrame['kind']> = {
  [opcode.close]: 'close',
  [opcode.ping]: 'ping',
  [opcode.pong]: 'pong',
}

interface Header {
  isFinal: boolean
  code: number
  /** Of the payload. */
  length: number
  /** Of the header itself. */
  size: number
}

/** One message, or one control frame, in one frame. `mask`: four random bytes. */
export function encodeFrame(code: number, payload: Uint8Array, mask: Uint8Array): Buffer {
  const { length } = payload
  const size = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.alloc(size + 4 + length)
  frame[0] = 0x80 | code
  frame[1] = 0x80 | (size === 2 ? length : size === 4 ? 126 : 127)
  if (size === 4) frame.writeUInt16BE(length, 2)
  if (size === 10) frame.writeBigUInt64BE(BigInt(length), 2)
  frame.set(mask, size)
  for (let at = 0; at < length; at++) frame[size + 4 + at] = (payload[at] ?? 0) ^ (mask[at % 4] ?? 0)
  return frame
}

/** Takes in what comes, cut in any way. Nothing but an unfinished header or control frame is held back. */
export function frameReader(): (chunk: Buffer) => Generator<Incoming> {
  let pending: Buffer = Buffer.alloc(0)
  /** The data frame that is being read. */
  let open: { isFinal: boolean; left: number } | undefined
  /** Between the first and the last frame of a message. */
  let inMessage = false

  function begin({ code, isFinal, length }: Header): void {
    if (inMessage !== (code === opcode.continuation))
      throw new ProtocolError(inMessage ? 'a message within a message' : 'a continuation of nothing')
    inMessage = !isFinal
    open = { isFinal, left: length }
  }

  function nextPart(rest: Buffer, frame: { isFinal: boolean; left: number }): MessagePart {
    const data = rest.subarray(0, frame.left)
    frame.left -= data.length
    const isOver = frame.left === 0
    if (isOver) open = undefined
    return { kind: 'part', data, last: isOver && frame.isFinal }
  }

  return function* read(chunk) {
    let rest: Buffer = pending.length > 0 ? Buffer.concat([pending, chunk]) : chunk
    pending = Buffer.alloc(0)
    while (rest.length > 0) {
      if (!open) {
        const header = readHeader(rest)
        const control = header && controlKinds[header.code]
        if (!header || (control && rest.length < header.size + header.length)) {
          pending = Buffer.from(rest)
          return
        }
        rest = rest.subarray(header.size)
        if (control) {
          yield { kind: control, data: rest.subarray(0, header.length) }
          rest = rest.subarray(header.length)
          continue
        }
        begin(header)
        if (rest.length === 0 && header.length > 0) return
      }
      if (open) {
        const part = nextPart(rest, open)
        rest = rest.subarray(part.data.length)
        yield part
      }
    }
  }
}

/** undefined while it is not complete. */
function readHeader(bytes: Buffer): Header | undefined {
  const [first = 0, second] = bytes
  if (second === undefined) return undefined
  const short = second & 0x7f
  const size = short === 127 ? 10 : short === 126 ? 4 : 2
  if (bytes.length < size) return undefined
  const length = size === 2 ? short : size === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  const header = { isFinal: (first & 0x80) !== 0, code: first & 0x0f, length, size }
  check(header, { first, second })
  return header
}

function check({ isFinal, code, length }: Header, { first, second }: { first: number; second: number }): void {
  const isControl = code in controlKinds
  if (first & 0x70) throw new ProtocolError('a bit is set that stands for nothing')
  if (second & 0x80) throw new ProtocolError('a frame is masked')
  if (!isControl && code > opcode.binary) throw new ProtocolError(`there is no opcode ${code}`)
  if (isControl && (!isFinal || length > 125)) throw new ProtocolError('a control frame is in pieces or too long')
  if (!Number.isSafeInteger(length)) throw new ProtocolError('a frame has no sensible length')
}
