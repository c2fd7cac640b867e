/** A command line as words and the operators between commands, with quotes and variables as a shell reads them. */

export interface Command {
  words: string[]
  /** What stands before it: how the outcome of the last command decides whether this one runs. */
  after: ';' | '&&' | '||'
}

type Lookup = (variable: string) => string

interface Token {
  text: string
  isOperator: boolean
}

const variable = /^\$(?:\{([A-Za-z_]\w*|\?)\}|([A-Za-z_]\w*|\?))/

class Reader {
  readonly #line: string
  readonly #lookup: Lookup
  #at = 0

  constructor(line: string, lookup: Lookup) {
    this.#line = line
    this.#lookup = lookup
  }

  *tokens(): Iterable<Token> {
    for (let token = this.#next(); token; token = this.#next()) yield token
  }

  #next(): Token | undefined {
    const rest = this.#line.slice(this.#at)
    const space = /^[ \t]*(#.*)?/.exec(rest)?.[0].length ?? 0
    this.#at += space
    if (this.#at >= this.#line.length) return undefined
    const operator = /^(&&|\|\||[;\n])/.exec(this.#line.slice(this.#at))?.[0]
    if (operator) {
      this.#at += operator.length
      return { text: operator === '\n' ? ';' : operator, isOperator: true }
    }
    return { text: this.#word(), isOperator: false }
  }

  #word(): string {
    let word = ''
    while (this.#at < this.#line.length && !/^([ \t\n;]|&&|\|\|)/.test(this.#line.slice(this.#at))) word += this.#part()
    return word
  }

  #part(): string {
    const char = this.#line[this.#at]
    if (char === "'") return this.#until("'")
    if (char === '"') return this.#quoted()
    if (char === '\\') return this.#escaped()
    return this.#expanded()
  }

  #until(end: string): string {
    const close = this.#line.indexOf(end, this.#at + 1)
    const stop = close < 0 ? this.#line.length : close
    const text = this.#line.slice(this.#at + 1, stop)
    this.#at = stop + 1
    return text
  }

  #quoted(): string {
    this.#at += 1
    let text = ''
    while (this.#at < this.#line.length && this.#line[this.#at] !== '"') {
      text += this.#line[this.#at] === '\\' ? this.#escaped() : this.#expanded()
    }
    this.#at += 1
    return text
  }

  #escaped(): string {
    const text = this.#line[this.#at + 1] ?? ''
    this.#at += 2
    return text
  }

  #expanded(): string {
    const match = variable.exec(this.#line.slice(this.#at))
    if (!match) return this.#line[this.#at++] ?? ''
    this.#at += match[0].length
    return this.#lookup(match[1] ?? match[2] ?? '')
  }
}

/** One command at a time, read when the one before has run, so that each sees the variables that one has set. */
export function* readCommands(line: string, lookup: Lookup): Iterable<Command> {
  let current: Command = { words: [], after: ';' }
  for (const { text, isOperator } of new Reader(line, lookup).tokens()) {
    if (!isOperator) {
      current.words.push(text)
      continue
    }
    if (current.words.length > 0) yield current
    current = { words: [], after: text as Command['after'] }
  }
  if (current.words.length > 0) yield current
}
