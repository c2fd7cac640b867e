import { expect, test } from 'vitest'
import { clock, describeSchedule } from './describe-schedule.ts'

test.each([
  ['0 22 * * 1-5', '8h', 'Mon to Fri, 22:00 to 06:00', 'Du lun. au ven., de 22:00 à 06:00'],
  ['30 9 * * *', '1h30m', 'Every day, 09:30 to 11:00', 'Tous les jours, de 09:30 à 11:00'],
  ['0 0 * * 6,0', '24h', 'Sat, Sun, all day', 'Sam., dim., toute la journée'],
  ['0 12 * * 6', '24h', 'Sat, from 12:00 for 24 h', 'Sam., dès 12:00 pendant 24 h'],
  ['0 18 * * FRI', '60h', 'Fri, from 18:00 for 60 h', 'Ven., dès 18:00 pendant 60 h'],
])('%s for %s reads: %s', (schedule, duration, english, french) => {
  expect(describeSchedule(schedule, duration, 'en')).toBe(english)
  expect(describeSchedule(schedule, duration, 'fr')).toBe(french)
})

test.each([
  ['*/10 * * * *', '5m'],
  ['0 0 1 * *', '1h'],
  ['0 0 * 12 *', '1h'],
  ['nonsense', '1h'],
  ['0 0 * * *', 'long'],
])('%s for %s is not said shortly', (schedule, duration) => {
  expect(describeSchedule(schedule, duration, 'en')).toBeUndefined()
})

test('minutes of a day are a time', () => {
  expect([0, 65, 1440].map(clock)).toEqual(['00:00', '01:05', '24:00'])
})
