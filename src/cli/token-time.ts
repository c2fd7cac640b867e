/** Times of tokens, as they are given and as they read. Pure. */
import { parseDuration } from '../model/index.ts'
import { CommandError, exitCode } from './exit-code.ts'

/** Of `12h`, `7d` or `0s`. */
export function secondsOf(text: string): number {
  const days = /^(\d+)d$/.exec(text)
  const ms = days ? Number(days[1]) * 86_400_000 : parseDuration(text)
  if (ms === undefined || ms < 0) {
    throw new CommandError(`${text} is no duration such as 12h or 7d`, { code: exitCode.usage })
  }
  return Math.floor(ms / 1000)
}

export function timeText(seconds: number | undefined): string {
  return seconds === undefined ? '' : new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}

export function expiryText(seconds: number | undefined): string {
  return seconds ? timeText(seconds) : 'never'
}
