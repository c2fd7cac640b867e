/** A cron schedule with a duration, as people say it. Pure. */
import type { Language } from '../../../../lib/language.ts'
import { readCron } from './cron.ts'
import { readDuration } from './week.ts'

const names = {
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
  fr: ['lun.', 'mar.', 'mer.', 'jeu.', 'ven.', 'sam.', 'dim.'],
}

export function dayNames(language: Language): string[] {
  return names[language]
}

/** Such as `Mon to Fri, 22:00 to 06:00`; undefined where it cannot be said so shortly. */
export function describeSchedule(schedule: string, duration: string, language: Language): string | undefined {
  const cron = readCron(schedule)
  const ms = readDuration(duration)
  const [, , day, month] = schedule.trim().split(/\s+/)
  if (!cron || ms === undefined || day !== '*' || month !== '*') return undefined
  const [minute] = cron.minutes
  const [hour] = cron.hours
  if (cron.minutes.length !== 1 || cron.hours.length !== 1 || minute === undefined || hour === undefined)
    return undefined
  // Days 4 to 10 of 1970 were Monday to Sunday.
  const days = [4, 5, 6, 7, 8, 9, 10].map((number) => cron.hasDay(number))
  const start = hour * 60 + minute
  return `${describeDays(days, language)}, ${describeTime(start, ms / 60_000, language)}`
}

function describeDays(days: boolean[], language: Language): string {
  const chosen = days.flatMap((isChosen, at) => (isChosen ? [at] : []))
  const [first = 0] = chosen
  const last = chosen.at(-1) ?? 0
  const word = names[language]
  if (chosen.length === 7) return language === 'en' ? 'Every day' : 'Tous les jours'
  if (chosen.length > 2 && last - first === chosen.length - 1) {
    return language === 'en' ? `${word[first]} to ${word[last]}` : `Du ${word[first]} au ${word[last]}`
  }
  const listed = chosen.map((at) => word[at]).join(', ')
  return listed.charAt(0).toUpperCase() + listed.slice(1)
}

/** Beyond a day, how long is clearer than until when. */
function describeTime(start: number, minutes: number, language: Language): string {
  if (minutes === 1440 && start === 0) return language === 'en' ? 'all day' : 'toute la journée'
  if (minutes >= 1440) {
    const hours = Math.round((minutes / 60) * 10) / 10
    return language === 'en' ? `from ${clock(start)} for ${hours} h` : `dès ${clock(start)} pendant ${hours} h`
  }
  const end = clock((start + minutes) % 1440)
  return language === 'en' ? `${clock(start)} to ${end}` : `de ${clock(start)} à ${end}`
}

export function clock(minutes: number): string {
  const whole = Math.round(minutes)
  return `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`
}
