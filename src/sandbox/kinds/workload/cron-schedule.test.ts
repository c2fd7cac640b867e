import { expect, test } from 'vitest'
import { scheduleFault } from './cron-schedule.ts'

test.each(['* * * * *', '*/5 0-6 1,15 jan-mar MON', '@hourly', '@every 1h30m', '0 0 ? * 0'])(
  '%s is a schedule',
  (schedule) => {
    expect(scheduleFault(schedule)).toBeUndefined()
  },
)

test.each([
  ['soon', 'expected exactly 5 fields, found 1: [soon]'],
  ['60 * * * *', 'end of range (60) above maximum (59): 60'],
  ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
  ['* 5-3 * * *', 'beginning of range (5) beyond end of range (3): 5-3'],
  ['*/0 * * * *', 'step of range should be a positive number: */0'],
  ['@often', 'unrecognized descriptor: @often'],
])('%s is none: %s', (schedule, fault) => expect(scheduleFault(schedule)).toBe(fault))
