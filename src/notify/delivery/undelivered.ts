/** What could not be delivered, or not yet: for people to see. The last ones, kept in memory. */

export interface Undelivered {
  /** RFC 3339. */
  time: string
  application: string
  trigger: string
  service: string
  recipient: string
  attempts: number
  message: string
}

const mostKept = 200

export interface UndeliveredList {
  add(one: Undelivered): void
  /** It has failed and is tried again; until `settled` with the same id. */
  trying(id: string, one: Undelivered): void
  settled(id: string): void
  /** What is still tried, and then the newest first. */
  all(): Undelivered[]
}

export function undeliveredList(): UndeliveredList {
  const kept: Undelivered[] = []
  const tried = new Map<string, Undelivered>()
  return {
    trying: (id, one) => void tried.set(id, one),
    settled: (id) => void tried.delete(id),
    add(one) {
      kept.unshift(one)
      if (kept.length > mostKept) kept.length = mostKept
    },
    all: () => [...tried.values(), ...kept].slice(0, mostKept),
  }
}
