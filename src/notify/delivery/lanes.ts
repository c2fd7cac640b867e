/** A few at a time for each receiver, and for each service, so that one that hangs holds up nobody else. */

export interface Receiver {
  service: string
  recipient: string
}

export interface Lanes {
  run<Result>(receiver: Receiver, work: () => Promise<Result>): Promise<Result>
}

export interface Widths {
  ofReceiver: number
  /** Of all receivers of a service together. */
  ofService: number
}

export function openLanes({ ofReceiver, ofService }: Widths): Lanes {
  const receivers = openPlaces(ofReceiver)
  const services = openPlaces(ofService)
  return {
    run: ({ service, recipient }, work) => receivers.run(`${service}\n${recipient}`, () => services.run(service, work)),
  }
}

/** So many at a time for each name; who comes first is first. */
export function openPlaces(widthOfEach: number) {
  const lanes = new Map<string, { running: number; waiting: (() => void)[] }>()
  return {
    async run<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
      const lane = lanes.get(name) ?? { running: 0, waiting: [] }
      lanes.set(name, lane)
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
          if (lane.running === 0) lanes.delete(name)
        }
      }
    },
  }
}
