/** The same done to many, a few at a time; what fails does not stop the others. Pure. */

export interface Outcome<Item> {
  done: number
  failures: { item: Item; error: unknown }[]
}

export async function inTurns<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
  { lanes = 4, signal, onProgress }: { lanes?: number; signal: AbortSignal; onProgress(outcome: Outcome<Item>): void },
): Promise<Outcome<Item>> {
  let outcome: Outcome<Item> = { done: 0, failures: [] }
  const queue = items.values()
  async function lane(): Promise<void> {
    for (const item of queue) {
      if (signal.aborted) return
      try {
        await work(item)
        outcome = { ...outcome, done: outcome.done + 1 }
      } catch (error) {
        if (signal.aborted) return
        outcome = { ...outcome, failures: [...outcome.failures, { item, error }] }
      }
      onProgress(outcome)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return outcome
}
