/** The text of a pattern, read from its beginning to its end. */

export class Source {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length
  }

  /** The next character, which stays where it is; `''` at the end. */
  get next(): string {
    const code = this.#text.codePointAt(this.#at)
    return code === undefined ? '' : String.fromCodePoint(code)
  }

  /** The next character, which is then behind us. */
  take(): string {
    const character = this.next
    this.#at += character.length
    return character
  }

  accept(text: string): boolean {
    const isNext = this.#text.startsWith(text, this.#at)
    if (isNext) this.#at += text.length
    return isNext
  }

  /** By a sticky expression: what it finds is then behind us. */
  match(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#at
    const found = expression.exec(this.#text)
    if (found) this.#at += found[0].length
    return found
  }

  /** By a sticky expression, which may look ahead. */
  sees(expression: RegExp): boolean {
    expression.lastIndex = this.#at
    return expression.test(this.#text)
  }
}
