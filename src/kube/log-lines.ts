/** The lines of a log. Whatever a container writes, no more than one line of bounded length is held. Pure. */

const lineBreak = 10
const mostBytes = 1024 * 1024
const mostPieces = 1024
export const cutMark = ' … (the rest of this line is left out)'

/** A line that is too long is told as soon as it is known to be, with a mark; the rest of it is passed over. */
export async function* logLines(body: AsyncIterable<Buffer>, most = mostBytes): AsyncGenerator<string> {
  let begun: Buffer[] = []
  let length = 0
  /** Within the rest of a line that has been told. */
  let passing = false

  function take(part: Buffer): void {
    // A copy: a short piece must not keep the whole chunk that it came in.
    begun.push(Buffer.from(part.subarray(0, most + 1 - length)))
    length += part.length
    // A server may send byte by byte, and each costs a hundred.
    if (begun.length === mostPieces) begun = [Buffer.concat(begun)]
  }

  function told(): string {
    const bytes = Buffer.concat(begun)
    begun = []
    length = 0
    return bytes.length > most ? `${decodedWhole(bytes.subarray(0, most))}${cutMark}` : decoded(bytes)
  }

  for await (const chunk of body) {
    let start = 0
    while (start < chunk.length) {
      const found = chunk.indexOf(lineBreak, start)
      const end = found < 0 ? chunk.length : found
      if (!passing) take(chunk.subarray(start, end))
      if (!passing && (found >= 0 || length > most)) {
        passing = length > most
        yield told()
      }
      if (found >= 0) passing = false
      start = end + 1
    }
  }
  if (length > 0) yield told()
}

function decoded(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return text.endsWith('\r') ? text.slice(0, -1) : text
}

/** Without the first bytes of a character that was cut in two. */
function decodedWhole(bytes: Buffer): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true })
}
