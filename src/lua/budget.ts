/** What one run of a script may use up. What is used up stays used up: catching the error does not help the script. */

export interface LuaLimits {
  /** Instructions of the virtual machine. */
  instructions: number
  /** Bytes of text made while the script runs. */
  textBytes: number
  /** For what happens between two instructions, such as the search for a pattern. */
  milliseconds: number
}

export const defaultLimits: LuaLimits = { instructions: 1_000_000, textBytes: 16 * 1024 * 1024, milliseconds: 1000 }

export class Budget {
  readonly #limits: LuaLimits
  #instructions = 0
  #textBytes = 0

  constructor(limits: LuaLimits) {
    this.#limits = limits
  }

  begin(): void {
    this.#instructions = 0
    this.#textBytes = 0
  }

  executed(instructions: number): void {
    this.#instructions += instructions
  }

  charge(textBytes: number): void {
    this.#textBytes += textBytes
  }

  /** What was too much, once something was. */
  get exceeded(): string | undefined {
    const { instructions, textBytes } = this.#limits
    if (this.#instructions > instructions) return `ran for more than ${instructions} instructions`
    if (this.#textBytes > textBytes) return `made more than ${textBytes} bytes of text`
    return undefined
  }
}
