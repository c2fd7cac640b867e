import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutMark, logLines } from './log-lines.ts'

async function* inChunks(bytes: Buffer, sizes: number[]): AsyncGenerator<Buffer> {
  for (let start = 0, turn = 0; start < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    yield bytes.subarray(start, start + size)
    start += size
  }
}

async function linesOf(body: AsyncIterable<Buffer>, most?: number): Promise<string[]> {
  const lines: string[] = []
  for await (const line of logLines(body, most)) lines.push(line)
  return lines
}

const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 })

test('a log comes out as its lines, however its bytes are cut into chunks', async () => {
  const line = fc.string({ unit: 'binary' }).filter((text) => !/[\r\n]/.test(text))
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.boolean(), sizes, async (lines, ended, sizes) => {
      const last = ended ? '\n' : ''
      const bytes = Buffer.from(lines.join('\n') + last)
      const expected = ended || lines.at(-1) ? lines : lines.slice(0, -1)
      expect(await linesOf(inChunks(bytes, sizes))).toEqual(lines.length > 0 ? expected : ended ? [''] : [])
    }),
  )
})

test('bytes that are no text come out as lines all the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), sizes, async (bytes, sizes) => {
      const lines = await linesOf(inChunks(Buffer.from(bytes), sizes))
      const breaks = bytes.filter((byte) => byte === 10).length
      const hasRest = bytes.length > 0 && bytes.at(-1) !== 10
      expect(lines).toHaveLength(breaks + (hasRest ? 1 : 0))
    }),
  )
})

test('a line that is too long is cut between two characters, with a mark, and the next one is whole', async () => {
  const bytes = Buffer.from(`${'ä'.repeat(10)}\nnext\n${'b'.repeat(5)}\n${'c'.repeat(6)}`)
  for (const size of [1, 4, 100])
    expect(await linesOf(inChunks(bytes, [size]), 5)).toEqual([`ää${cutMark}`, 'next', 'bbbbb', `ccccc${cutMark}`])
})

test('a line without an end is told when it is too long, and its rest is not kept', async () => {
  let sent = 0
  async function* endless(): AsyncGenerator<Buffer> {
    for (;;) {
      sent += 65_536
      yield Buffer.alloc(65_536, 'x')
    }
  }
  const lines = logLines(endless())
  const { value } = await lines.next()
  expect(value).toBe('x'.repeat(1024 * 1024) + cutMark)
  expect(sent).toBeLessThan(1.2 * 1024 * 1024)
  await lines.return(undefined)
})

test('the carriage return of a terminal is no part of the line', async () => {
  expect(await linesOf(inChunks(Buffer.from('a\r\nb\rc\r\n'), [3]))).toEqual(['a', 'b\rc'])
})
