/** What has been opened, so that it is closed again in the reverse order, also when opening the next thing fails. */

export class Opened {
  readonly #closers: (() => unknown)[] = []

  /** Takes note of how to close it, and gives it back. */
  keep<Thing>(thing: Thing, close: (thing: Thing) => unknown): Thing {
    this.#closers.push(() => close(thing))
    return thing
  }

  /** Closes everything, whatever fails on the way; then throws the first failure. */
  async close(): Promise<void> {
    const failures: unknown[] = []
    for (const close of this.#closers.splice(0).reverse()) {
      try {
        await close()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}

/** How most things are closed. */
export function close(thing: { close(): Promise<unknown> }): Promise<unknown> {
  return thing.close()
}
