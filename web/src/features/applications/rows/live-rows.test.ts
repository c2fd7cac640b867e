import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ApplicationEvent } from '../../../lib/api.ts'
import { type RowPage, withEvents } from './live-rows.ts'
import { comparing, isHead, wholeSort, withHeads } from './order.ts'
import { keyOf, type Row } from './rows.ts'

function row(name: string, { health = 'Healthy', project = 'default' } = {}): Row {
  const status = { health: { status: health }, sync: { status: 'Synced' } }
  return { metadata: { name, namespace: 'argocd' }, spec: { project, destination: {} }, status } as Row
}

const compare = comparing('name')
const page = (names: string[], next?: string): RowPage => ({
  items: names.map((name) => row(name)),
  metadata: next === undefined ? {} : { continue: next },
})
const event = (type: ApplicationEvent['type'], application: Row): ApplicationEvent => ({ type, application })
const namesIn = (pages: RowPage[]) => pages.map(({ items }) => items.map(({ metadata }) => metadata.name))

test('a change is shown in its place, and pages without one stay the same', () => {
  const pages = [page(['a', 'b'], 'x'), page(['c'])]
  const next = withEvents(pages, [event('MODIFIED', row('b', { health: 'Degraded' }))], compare)
  expect(namesIn(next)).toEqual([['a', 'b'], ['c']])
  expect(next[0]?.items[1]?.status?.health?.status).toBe('Degraded')
  expect(next[1]).toBe(pages[1])
})

test('what is new comes where it belongs, and not at all behind what has been loaded', () => {
  const whole = [page(['a', 'c']), page(['e'])]
  expect(namesIn(withEvents(whole, [event('ADDED', row('b'))], compare))).toEqual([['a', 'b', 'c'], ['e']])
  expect(namesIn(withEvents(whole, [event('ADDED', row('f'))], compare))).toEqual([
    ['a', 'c'],
    ['e', 'f'],
  ])
  const part = [page(['a', 'c'], 'more')]
  expect(namesIn(withEvents(part, [event('ADDED', row('f'))], compare))).toEqual([['a', 'c']])
  expect(namesIn(withEvents([page([])], [event('ADDED', row('a'))], compare))).toEqual([['a']])
})

const events = fc.array(
  fc.record({
    type: fc.constantFrom<ApplicationEvent['type']>('ADDED', 'MODIFIED', 'DELETED'),
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  }),
)

test('however events come, in one batch or one by one, the list has what there is, once and in order', () => {
  fc.assert(
    fc.property(events, (all) => {
      const told = all.map(({ type, name }) => event(type, row(name)))
      let one: RowPage[] = [page(['b', 'd'])]
      const there = new Set(['b', 'd'])
      for (const { type, application } of told) {
        one = withEvents(one, [event(type, application)], compare)
        if (type === 'DELETED') there.delete(application.metadata.name)
        else there.add(application.metadata.name)
      }
      const expected = [...there].sort()
      expect(namesIn(one).flat()).toEqual(expected)
      expect(namesIn(withEvents([page(['b', 'd'])], told, compare)).flat()).toEqual(expected)
    }),
  )
})

test('groups have one head each, in the order of the list', () => {
  const rows = [row('a', { project: 'one' }), row('b', { project: 'one' }), row('c', { project: 'two' })]
  const lines = withHeads(rows, 'project').map((line) => (isHead(line) ? `# ${line.group}` : keyOf(line)))
  expect(lines).toEqual(['# one', 'argocd/a', 'argocd/b', '# two', 'argocd/c'])
  expect(withHeads(rows, undefined)).toBe(rows)
  expect(wholeSort('-health', 'project')).toBe('project,-health')
})

test('the worst come first when asked for', () => {
  const rows = [row('a'), row('c', { health: 'Degraded' }), row('b', { health: 'Degraded' })]
  expect(rows.sort(comparing('-standing')).map(({ metadata }) => metadata.name)).toEqual(['b', 'c', 'a'])
})
