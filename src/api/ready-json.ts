/** An answer, or a message of a stream, whose JSON is ready: it is sent as it is. */
export function readyJson<Answer>(...parts: (string | Buffer)[]): Answer {
  const bytes = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))
  return Buffer.concat(bytes) as unknown as Answer
}
