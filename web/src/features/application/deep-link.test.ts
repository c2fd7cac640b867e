import { expect, test } from 'vitest'
import { argoFilters, shownBy } from './deep-link.ts'

function shown(search: string) {
  const params = new URLSearchParams(search)
  return shownBy({ get: (name) => params.get(name) ?? undefined })
}

test('links made for Argo CD lead to the same place', () => {
  expect(shown('view=network').view).toBe('network')
  expect(shown('view=versions').view).toBe('versions')
  expect(shown('view=unheard-of').view).toBe('tree')
  expect(shown('rollback=0').view).toBe('history')
  expect(shown('node=apps%2FDeployment%2Fshop%2Fweb%2F0').resource).toBe('apps/Deployment/shop/web')
  expect(shown('resource=/Pod/shop/web-1').resource).toBe('/Pod/shop/web-1')
  expect(shown('operation=true&conditions=true')).toMatchObject({ isOperationOpen: true, showsConditions: true })
  expect(shown('deploy=all').isSyncOpen).toBe(true)
})

test('its filters are told from an object', () => {
  expect(argoFilters('kind:Pod,sync:OutOfSync,kind:Service')).toEqual({ kind: ['Pod', 'Service'], sync: ['OutOfSync'] })
  expect(argoFilters('apps/Deployment/shop/web')).toBeUndefined()
  expect(argoFilters(undefined)).toBeUndefined()
  expect(argoFilters('nonsense')).toBeUndefined()
})
