/**
 * Counts failures by name in a table of fixed size. A name has one place in each row, found by a keyed hash; its count is the
 * lowest of them. Others who share a place can only raise it. So a count is never too low, and nothing is ever thrown out to
 * make room. Nobody outside knows the key, so nobody can choose whom to share a place with.
 */
import { createHmac } from 'node:crypto'

const rows = 2
const slots = 2048
const bytesPerEntry = 8
const mostCounted = 0xffff

export class FailureTable {
  private readonly key: Buffer
  /** Seconds; 0: nothing is forgotten. */
  private readonly window: number
  private readonly counts = new Uint16Array(rows * slots)
  /** What of the counts is stored, by us or by others. */
  private readonly stored = new Uint16Array(rows * slots)
  /** Of the last failure, in seconds since 1970. */
  private readonly times = new Uint32Array(rows * slots)

  constructor(key: Buffer, window: number) {
    this.key = key
    this.window = window
  }

  count(name: string, now: number): number {
    return Math.min(...this.places(name).map((place) => (this.isLive(place, now) ? (this.counts[place] ?? 0) : 0)))
  }

  add(name: string, now: number): void {
    for (const place of this.places(name)) {
      const before = this.isLive(place, now) ? (this.counts[place] ?? 0) : 0
      this.counts[place] = Math.min(before + 1, mostCounted)
      this.times[place] = now
    }
  }

  /** Takes back one `add` of the same name. */
  undo(name: string): void {
    for (const place of this.places(name)) {
      const count = this.counts[place] ?? 0
      if (count > 0 && count < mostCounted) this.counts[place] = count - 1
    }
  }

  /** What is not forgotten yet: place, count and time of each. */
  toText(now: number): string {
    const live = Array.from(this.counts.keys()).filter((place) => this.counts[place] && this.isLive(place, now))
    const bytes = Buffer.alloc(live.length * bytesPerEntry)
    for (const [at, place] of live.entries()) {
      bytes.writeUInt16BE(place, at * bytesPerEntry)
      bytes.writeUInt16BE(this.counts[place] ?? 0, at * bytesPerEntry + 2)
      bytes.writeUInt32BE(this.times[place] ?? 0, at * bytesPerEntry + 4)
    }
    return bytes.toString('base64')
  }

  /** Takes what is stored, and adds to it what has been counted here and is not in there yet. */
  take(text: string, now: number): void {
    const counts = new Uint16Array(rows * slots)
    const bytes = Buffer.from(text, 'base64')
    for (let at = 0; at + bytesPerEntry <= bytes.length; at += bytesPerEntry) {
      const place = bytes.readUInt16BE(at)
      const time = bytes.readUInt32BE(at + 4)
      if (place >= rows * slots || (this.window > 0 && now - time > this.window)) continue
      counts[place] = bytes.readUInt16BE(at + 2)
      this.times[place] = Math.max(time, this.times[place] ?? 0)
    }
    for (const [place, count] of counts.entries()) {
      const ours = this.isLive(place, now) ? (this.counts[place] ?? 0) - (this.stored[place] ?? 0) : 0
      this.counts[place] = Math.min(Math.max(count + ours, 0), mostCounted)
    }
    this.stored.set(counts)
  }

  /** What `snapshot` has given is stored now. */
  saved(snapshot: Uint16Array): void {
    this.stored.set(snapshot)
  }

  snapshot(): Uint16Array {
    return this.counts.slice()
  }

  private isLive(place: number, now: number): boolean {
    return this.window === 0 || now - (this.times[place] ?? 0) <= this.window
  }

  private places(name: string): number[] {
    const digest = createHmac('sha256', this.key).update(name).digest()
    return Array.from({ length: rows }, (_, row) => row * slots + (digest.readUInt32BE(row * 4) % slots))
  }
}
