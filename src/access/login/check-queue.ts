/** Passwords are checked one after another, since each costs a core a good part of a second; and only so many may wait. */
import { AccessError } from '../access-error.ts'

export class CheckQueue {
  private readonly most: number
  private waiting = 0
  private last: Promise<unknown> = Promise.resolve()

  constructor(most: number) {
    this.most = most
  }

  async run<Result>(check: () => Promise<Result>): Promise<Result> {
    if (this.waiting >= this.most)
      throw new AccessError('busy', 'too many login requests at once: try again in a moment')
    this.waiting++
    const result = this.last.then(check)
    this.last = result.catch(() => {})
    try {
      return await result
    } finally {
      this.waiting--
    }
  }
}
