/** What could not be delivered: for people to see. The last ones, kept in memory. */

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
  /** The newest first. */
  all(): Undelivered[]
}

export function undeliveredList(): UndeliveredList {
  const kept: Undelivered[] = []
  return {
    add(one) {
      kept.unshift(one)
      if (kept.length > mostKept) kept.length = mostKept
    },
    all: () => [...kept],
  }
}
