import { expect, test } from 'vitest'
import { stateOf } from './finding.ts'
import { readRules } from './read-rules.ts'
import { parseReference } from './reference.ts'

const [rule] = readRules([{ alias: 'web', image: 'acme/web:^1' }], {}).images
if (!rule) throw new Error('it is a rule')

const reference = (tag: string) => {
  const found = parseReference(`acme/web:${tag}`)
  if (!found) throw new Error(`${tag} is no tag`)
  return found
}

function state(running: string[], specified: string | undefined, newest = '1.2.0') {
  return stateOf(rule as NonNullable<typeof rule>, {
    running: running.map(reference),
    specified: specified === undefined ? undefined : reference(specified),
    newest: { tag: newest },
    builtAt: () => undefined,
  })
}

test('what the source says counts before what runs; where the two differ, the newest is on its way', () => {
  expect(state(['1.1.0'], undefined)).toBe('outdated')
  expect(state(['1.2.0'], undefined)).toBe('current')
  expect(state(['1.1.0'], '1.1.0')).toBe('outdated')
  expect(state(['1.1.0'], '1.2.0')).toBe('written')
  expect(state(['1.1.0', '1.2.0'], '1.2.0')).toBe('written')
  expect(state(['1.2.0'], '1.2.0')).toBe('current')
  expect(state([], '1.2.0')).toBe('current')
  // The registry has lost the tag that runs: nobody is set back, and nothing is on its way.
  expect(state(['1.3.0'], '1.3.0')).toBe('current')
})
