/** A few at a time for each receiver, so that one that hangs holds up nobody else. */

export interface Lanes {
  run<Result>(receiver: string, work: () => Promise<Result>): Promise<Result>
}

export function openLanes(widthOfEach: number): Lanes {
  const lanes = new Map<string, { running: number; waiting: (() => void)[] }>()
  return {
    async run(receiver, work) {
      const lane = lanes.get(receiver) ?? { running: 0, waiting: [] }
      lanes.set(receiver, lane)
      if (lane.running < widthOfEach) lane.running += 1
      else await new Promise<void>((resolve) => lane.waiting.push(resolve))
      try {
        return await work()
      } finally {
        const next = lane.waiting.shift()
        // The place is handed on, so that nobody who comes now gets before who waits.
        if (next) next()
        else {
          lane.running -= 1
          if (lane.running === 0) lanes.delete(receiver)
        }
      }
    },
  }
}
