/** Lets so many tasks run at once and the others wait for their turn. */

export function turns(most: number): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let running = 0
  const waiting: (() => void)[] = []

  return async function turn(task) {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      // The place is handed on, not given back.
      if (next) next()
      else running--
    }
  }
}
