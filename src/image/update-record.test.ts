import { expect, test } from 'vitest'
import { annotation } from '../model/index.ts'
import { readRules } from './read-rules.ts'
import { recordedUpdates, recordOf } from './update-record.ts'

const { images } = readRules(
  [
    { alias: 'web', image: 'acme/web:^1' },
    { alias: 'api', image: 'ghcr.io/acme/api' },
  ],
  {},
)
const [web, api] = images.map((rule) => (from: string, tag: string) => ({ rule, version: { tag }, from }))
if (!web || !api) throw new Error('both are rules')

const noted = (annotations: Record<string, string>) => ({ metadata: { name: 'shop', annotations } })
const now = new Date('2026-03-01T10:00:00.123Z')

test('of each image the last update is on record, with the commit where it was one', () => {
  const first = recordOf(noted({}), { updates: [web('1.0', '1.1'), api('', '2.0')], now })
  const commit = { repoURL: 'https://ann:pw@h/deploy', branch: 'main', revision: 'a'.repeat(40), isNew: true }
  const later = new Date('2026-03-02T10:00:00Z')
  const second = recordOf(noted(first), { updates: [web('1.1', '1.2')], commit, now: later })
  expect(recordedUpdates(noted(second))).toEqual([
    {
      alias: 'web',
      image: 'acme/web',
      from: '1.1',
      to: '1.2',
      at: '2026-03-02T10:00:00Z',
      commit: { repoURL: 'https://h/deploy', branch: 'main', revision: 'a'.repeat(40) },
    },
    { alias: 'api', image: 'ghcr.io/acme/api', from: '', to: '2.0', at: '2026-03-01T10:00:00Z' },
  ])
})

test.each([
  ['nothing', undefined],
  ['no JSON', 'yesterday'],
  ['no list', '{"alias":"web"}'],
  ['entries that lack what they are about', '[{"alias":"web","to":"1"},7,null]'],
  ['no time', '[{"alias":"web","image":"w","to":"1","at":"soon"}]'],
])('a record that holds %s tells of no update', (_what, text) => {
  expect(recordedUpdates(noted(text === undefined ? {} : { [annotation.imageUpdates]: text }))).toEqual([])
})

test('the record does not grow without end', () => {
  let annotations: Record<string, string> = {}
  for (let index = 0; index < 60; index++) {
    const [rule] = readRules([{ alias: `i${index}`, image: 'acme/web' }], {}).images
    if (!rule) throw new Error('it is a rule')
    annotations = recordOf(noted(annotations), { updates: [{ rule, version: { tag: '1' }, from: '' }], now })
  }
  const aliases = recordedUpdates(noted(annotations)).map(({ alias }) => alias)
  expect(aliases).toHaveLength(50)
  expect(aliases[0]).toBe('i59')
})
