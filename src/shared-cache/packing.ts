/** Values made small before they are sealed, and unpacked within a limit. */
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'

export type Compression = 'gzip' | 'none'

const compress = promisify(gzip)
const decompress = promisify(gunzip)
const marks: Record<Compression, number> = { none: 0, gzip: 1 }

export async function pack(value: Buffer, compression: Compression): Promise<Buffer> {
  const mark = Buffer.of(marks[compression])
  return Buffer.concat([mark, compression === 'gzip' ? await compress(value, { level: 1 }) : value])
}

/** Undefined for what was not packed here, or is longer than `limit` once it is unpacked. */
export async function unpack(packed: Buffer, limit: number): Promise<Buffer | undefined> {
  const value = packed.subarray(1)
  if (packed[0] === marks.none) return value.length > limit ? undefined : value
  if (packed[0] !== marks.gzip) return undefined
  return decompress(value, { maxOutputLength: limit }).catch(() => undefined)
}
