/** A stream of bytes as the lines in it; what stands behind the last line break was cut off and is left out. */

const lineBreak = 10

export async function* lines(body: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let begun: Buffer[] = []
  for await (const chunk of body) {
    let start = 0
    for (let end = chunk.indexOf(lineBreak); end >= 0; end = chunk.indexOf(lineBreak, start)) {
      const rest = chunk.subarray(start, end)
      // Joined before decoding: a character may have been cut in two.
      const line = begun.length === 0 ? rest : Buffer.concat([...begun, rest])
      if (line.length > 0) yield line.toString('utf8')
      begun = []
      start = end + 1
    }
    if (start < chunk.length) begun.push(chunk.subarray(start))
  }
}
