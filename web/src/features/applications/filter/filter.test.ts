import { expect, test } from 'vitest'
import { type Filter, filterIn, isFiltering, queryOf, selectorOf, toggled } from './filter.ts'

function filterOf(address: string): Filter {
  const params = new URLSearchParams(address)
  return filterIn({ get: (name) => params.get(name) ?? undefined, all: (name) => params.getAll(name) })
}

const cases: [address: string, query: object][] = [
  ['', {}],
  ['search=%20shop%20', { search: 'shop' }],
  ['health=Degraded&health=Missing', { health: ['Degraded', 'Missing'] }],
  ['health=Degraded,Missing', { health: ['Degraded', 'Missing'] }],
  ['proj=a&operation=Failed', { project: ['a'], phase: ['Failed'] }],
  ['autoSync=true', { autoSync: true }],
  ['autoSync=enabled', { autoSync: true }],
  ['autoSync=false', { autoSync: false }],
  ['autoSync=true&autoSync=false', {}],
  ['labels=team%3Da&labels=team%3Db&labels=tier%3Dweb', { selector: 'team in (a,b),tier=web' }],
  ['annotations=note%3Da,b', { annotations: ['note=a,b'] }],
  ['showFavorites=true', { names: ['argocd/shop'] }],
  ['view=grid&sort=-health', {}],
]
test.each(cases)('%s asks for %o', (address, query) => {
  expect(queryOf(filterOf(address), ['argocd/shop'])).toEqual(query)
})

test('who has no favourites sees none, rather than all', () => {
  expect(queryOf(filterOf('showFavorites=true'), [])).toEqual({ names: ['/'] })
})

test('a selector somebody has written stays as it is', () => {
  expect(selectorOf(['team!=a', 'tier in (x,y)', '!old', 'team=a'])).toBe('team=a,team!=a,tier in (x,y),!old')
})

test('what is only about the view is no filter', () => {
  expect(isFiltering(filterOf('view=grid&sort=name&group=project'))).toBe(false)
  expect(isFiltering(filterOf('search=+'))).toBe(false)
  expect(isFiltering(filterOf('standing=drifted'))).toBe(true)
})

test('choosing a value twice takes it away again', () => {
  expect(toggled(toggled(['a'], 'b'), 'b')).toEqual(['a'])
})
