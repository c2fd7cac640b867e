/** Why a script gave no result. */

export class LuaError extends Error {
  /** 1-based line of the script, where it is known. */
  readonly line: number | undefined
  /** The script used up what it may use: running it again takes as long and ends the same way. */
  readonly isLimit: boolean

  constructor(message: string, { line, isLimit = false }: { line?: number; isLimit?: boolean } = {}) {
    super(message)
    this.name = 'LuaError'
    this.line = line
    this.isLimit = isLimit
  }
}

/** From what Lua says: `script:3: attempt to index a nil value (field 'status')`. */
export function luaError(text: string, chunk: string): LuaError {
  const [, line, rest] = new RegExp(`^${chunk}:(\\d+): ([\\s\\S]*)$`).exec(text) ?? []
  // Lines of our own libraries tell nobody anything.
  return line ? new LuaError(rest ?? '', { line: Number(line) }) : new LuaError(text.replace(/^prelude:\d+: /, ''))
}
