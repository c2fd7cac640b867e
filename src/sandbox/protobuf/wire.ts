/** The wire format of protobuf: fields of a message as they follow each other. */

export interface WireField {
  number: number
  /** A varint or a fixed number as a bigint of 64 bits without sign, or the bytes of everything else. */
  value: bigint | Uint8Array
}

/** Thrown for bytes that are no message. */
export class WireError extends Error {}

class Reader {
  readonly bytes: Uint8Array
  position = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.bytes[this.position++]
      if (byte === undefined) throw new WireError('unexpected EOF')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asUintN(64, value)
    }
    throw new WireError('integer overflow')
  }

  take(length: number): Uint8Array {
    const end = this.position + length
    if (end > this.bytes.length) throw new WireError('unexpected EOF')
    const taken = this.bytes.subarray(this.position, end)
    this.position = end
    return taken
  }

  fixed(length: number): bigint {
    return this.take(length).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
  }

  field(): WireField {
    const tag = this.varint()
    const number = Number(tag >> 3n)
    switch (Number(tag & 7n)) {
      case 0:
        return { number, value: this.varint() }
      case 1:
        return { number, value: this.fixed(8) }
      case 2:
        return { number, value: this.take(Number(this.varint())) }
      case 5:
        return { number, value: this.fixed(4) }
      default:
        throw new WireError(`wrong wireType = ${tag & 7n}`)
    }
  }
}

/** The fields of a message in their order. Throws a WireError. */
export function wireFields(bytes: Uint8Array): WireField[] {
  const reader = new Reader(bytes)
  const fields: WireField[] = []
  while (reader.position < bytes.length) fields.push(reader.field())
  return fields
}
