import { expect, test } from 'vitest'
import { printListing } from '../output.ts'
import { imagesListing, remarksOn } from './images-command.ts'

const rows: Parameters<typeof imagesListing>[0] = [
  { application: 'shop', image: 'nginx', running: ['1.27'] },
  {
    application: 'shop',
    image: 'acme/web',
    running: ['1.2.0'],
    alias: 'web',
    strategy: 'semver',
    constraint: '^1',
    newest: '1.4.1',
    state: 'outdated',
    heldBack: [
      { version: '3.0.0', by: 'ignore-tags' },
      { version: '2.1.0', by: 'range' },
      { version: '2.0.0', by: 'range' },
    ],
    proposal: '^2',
    rules: { in: 'ImageUpdater', updater: 'all' },
    updated: {
      from: '1.1.0',
      to: '1.2.0',
      at: '2026-03-01T10:00:00Z',
      commit: { repoURL: 'https://h/deploy', branch: 'main', revision: '3fa2c1d0a1b2' },
    },
  },
]

const lines = (...[updates, format]: [boolean, 'table' | 'wide']) =>
  printListing(imagesListing(rows, { updates }), format)
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/))

test('what runs is told with its rule, and with what the registries have when they were asked', () => {
  expect(lines(false, 'table')).toEqual([
    ['APPLICATION', 'IMAGE', 'RUNNING', 'RULE'],
    ['shop', 'nginx', '1.27'],
    ['shop', 'acme/web', '1.2.0', 'semver ^1'],
  ])
  expect(lines(true, 'table')[0]?.slice(4)).toEqual(['NEWEST', 'STATE', 'HELD BACK', 'MESSAGE'])
  expect(lines(true, 'table')[2]?.slice(3)).toEqual([
    'semver ^1',
    '1.4.1',
    'outdated',
    '3.0.0 (ignore-tags), 2.1.0 (range), 1 more',
  ])
  expect(lines(true, 'wide')[2]?.slice(4)).toEqual([
    'ImageUpdater all',
    '1.4.1',
    'outdated',
    '3.0.0 (ignore-tags), 2.1.0 (range), 1 more',
    '^2',
    '1.1.0 to 1.2.0 at 2026-03-01T10:00:00Z by 3fa2c1d on main',
  ])
})

test('what keeps updates away is remarked on', () => {
  const problems = ['image web: the registry does not answer']
  expect(remarksOn({ items: [], problems: [] }, {})).toEqual([])
  expect(remarksOn({ items: [], problems: [] }, { updates: true })).toEqual([
    expect.stringMatching(/^nothing asks for updates/),
  ])
  expect(remarksOn({ items: [], problems, rules: { in: 'annotations' }, leftAlone: 'pin' }, {})).toEqual([
    ...problems,
    'nothing is written: the application is pinned after a rollback',
  ])
})
