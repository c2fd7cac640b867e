/** Lets a number of tasks run at a time; the others wait their turn. */

export type Gate = <T>(task: () => Promise<T>) => Promise<T>

export function openGate(places: number): Gate {
  const waiting: (() => void)[] = []
  let busy = 0
  return async (task) => {
    if (busy >= places) await new Promise<void>((resolve) => waiting.push(resolve))
    else busy++
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      // The place is handed over, so that nobody can slip in between.
      if (next) next()
      else busy--
    }
  }
}
