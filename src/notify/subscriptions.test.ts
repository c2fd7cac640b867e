import { expect, test } from 'vitest'
import { destinationsOf } from './subscriptions.ts'

function destinations(subscriptions: string) {
  const annotations = { 'notifications.argoproj.io/subscriptions': subscriptions }
  const found = destinationsOf({
    application: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'web', annotations } },
    project: undefined,
    settings: { defaultTriggers: ['on-sync'], serviceDefaultTriggers: new Map(), subscriptions: [] },
    matches: () => true,
  })
  return [...found].flatMap(([trigger, list]) => list.map(({ recipient }) => `${trigger} ${recipient}`))
}

test('a list of subscriptions is each trigger with each recipient', () => {
  const text = '[{trigger: [a, b], destinations: [{service: telegram, recipients: [-100, x]}]}]'
  expect(destinations(text)).toEqual(['a -100', 'a x', 'b -100', 'b x'])
})

test('one that stands for far more than it is long is not written out', () => {
  const many = (word: string) => `[${Array.from({ length: 5_000 }, (_, at) => `${word}${at}`).join(',')}]`
  expect(destinations(`[{trigger: ${many('t')}, destinations: [{service: s, recipients: ${many('r')}}]}]`)).toEqual([])
  const levels = [...'bcdefghi'].map((name, at) => `- &${name} [${Array(10).fill(`*${'abcdefgh'[at]}`).join(',')}]`)
  const bomb = `- &a [1,1,1,1,1,1,1,1,1,1]\n${levels.join('\n')}\n- {trigger: [*i], destinations: [{service: s, recipients: [x]}]}`
  expect(destinations(bomb)).toEqual(['on-sync x'])
})
