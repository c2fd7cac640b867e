/** Times as people say them: how long ago, in few words; the exact one is a matter of looking closer. */
import { useSyncExternalStore } from 'react'
import type { Language } from './language.ts'

const units = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

const formats = {
  en: new Intl.RelativeTimeFormat('en', { style: 'narrow', numeric: 'always' }),
  // Its narrow style is a bare minus.
  fr: new Intl.RelativeTimeFormat('fr', { style: 'short', numeric: 'always' }),
}
const now = { en: 'now', fr: 'à l’instant' }

/** Such as `4 min ago`. */
export function relativeTime(time: string | Date, nowMs: number, language: Language): string {
  const seconds = (new Date(time).getTime() - nowMs) / 1000
  if (!Number.isFinite(seconds)) return ''
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1]
  // What has just happened may be later than the clock of the page, which moves in steps.
  if (seconds > -5 && seconds <= tickMs / 1000) return now[language]
  return formats[language].format(Math.trunc(seconds / size), unit)
}

const exactly = { dateStyle: 'medium', timeStyle: 'long' } as const
/** To make one takes far longer than to use it. */
const exactFormats = {
  en: new Intl.DateTimeFormat('en-GB', exactly),
  fr: new Intl.DateTimeFormat('fr', exactly),
}

/** In the reader's zone, such as `27 Nov 2026, 20:14:03 GMT+1`. */
export function exactTime(time: string | Date, language: Language): string {
  return exactFormats[language].format(new Date(time))
}

/** Such as `2 min 5 s`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

const tickMs = 10_000
let current = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

/** The time, a little rounded: every text about how long ago something was changes at once. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => current)
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    current = Date.now()
    timer = setInterval(() => {
      current = Date.now()
      for (const one of listeners) one()
    }, tickMs)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) clearInterval(timer)
  }
}
