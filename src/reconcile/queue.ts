/** A queue of names: ten events are one reconcile, and no name is worked on twice at once. */

export interface QueueOptions {
  concurrency: number
  /** Work that takes longer waits for something, and gives its place to others; 2000 ms unless told otherwise. */
  patienceMs?: number
  work(name: string): Promise<void>
  /** Called when `work` throws: the queue goes on with the others. */
  onError(name: string, error: unknown): void
}

/** So many times the usual number may be slow at once: a bound on what a hundred dead repositories can tie up. */
const mostSlow = 50

export class NameQueue {
  readonly #options: QueueOptions
  readonly #waiting = new Set<string>()
  /** Names that nothing has happened to: they make room for all others. */
  readonly #background = new Set<string>()
  readonly #busy = new Set<string>()
  /** Of those being worked on, the ones that have given up their place. */
  readonly #slow = new Set<string>()
  /** Names asked for while being worked on: they get another turn. */
  readonly #again = new Set<string>()
  readonly #timers = new Map<string, { timer: NodeJS.Timeout; due: number }>()
  #idle: (() => void)[] = []
  #stopped = false

  constructor(options: QueueOptions) {
    this.#options = options
  }

  get depth(): number {
    return this.#waiting.size + this.#background.size
  }

  add(name: string): void {
    if (this.#stopped) return
    this.#cancel(name)
    if (this.#busy.has(name)) this.#again.add(name)
    else {
      this.#background.delete(name)
      this.#waiting.add(name)
      this.#start()
    }
  }

  /** Adds the name behind all others: it is only its turn again. */
  addBehind(name: string): void {
    if (this.#stopped || this.#waiting.has(name)) return
    this.#cancel(name)
    if (this.#busy.has(name)) this.#again.add(name)
    else {
      this.#background.add(name)
      this.#start()
    }
  }

  /** Adds the name after `delayMs`; of several delays for one name the earliest counts, and `add` overtakes them all. */
  addAfter(name: string, delayMs: number): void {
    if (this.#stopped || this.#waiting.has(name) || this.#background.has(name)) return
    const due = Date.now() + delayMs
    const pending = this.#timers.get(name)
    if (pending && pending.due <= due) return
    this.#cancel(name)
    // setTimeout fires at once for delays that do not fit into 31 bits.
    const timer = setTimeout(() => this.#dueNow(name), Math.min(delayMs, 2 ** 31 - 1))
    this.#timers.set(name, { timer, due })
  }

  #dueNow(name: string): void {
    this.#timers.delete(name)
    this.addBehind(name)
  }

  forget(name: string): void {
    this.#cancel(name)
    this.#waiting.delete(name)
    this.#background.delete(name)
    this.#again.delete(name)
  }

  /** Takes no more names and resolves when the work under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    for (const name of [...this.#timers.keys()]) this.#cancel(name)
    this.#waiting.clear()
    this.#background.clear()
    this.#again.clear()
    if (this.#busy.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  #cancel(name: string): void {
    clearTimeout(this.#timers.get(name)?.timer)
    this.#timers.delete(name)
  }

  #start(): void {
    while (this.#hasPlace()) {
      const names = this.#waiting.size > 0 ? this.#waiting : this.#background
      const [name] = names
      if (name === undefined) return
      names.delete(name)
      this.#busy.add(name)
      void this.#run(name)
    }
  }

  #hasPlace(): boolean {
    const { concurrency } = this.#options
    return this.#busy.size - this.#slow.size < concurrency && this.#slow.size < concurrency * mostSlow
  }

  async #run(name: string): Promise<void> {
    const impatience = setTimeout(() => {
      this.#slow.add(name)
      this.#start()
    }, this.#options.patienceMs ?? 2000)
    try {
      await this.#options.work(name)
    } catch (error) {
      this.#options.onError(name, error)
    }
    clearTimeout(impatience)
    this.#slow.delete(name)
    this.#busy.delete(name)
    if (this.#again.delete(name) && !this.#stopped) this.#waiting.add(name)
    this.#start()
    if (this.#busy.size === 0) for (const resolve of this.#idle.splice(0)) resolve()
  }
}
