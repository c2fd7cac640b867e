import { expect, test } from 'vitest'
import { serviceNames } from './notification-handlers.ts'

test('a service is called by its name, or by its type when it is the only one', () => {
  expect(serviceNames(['service.slack', 'service.webhook.my.hook', 'template.slack'])).toEqual(['slack', 'my.hook'])
})
