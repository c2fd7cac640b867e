import { expect, test } from 'vitest'
import type { Application } from '../../model/index.ts'
import { applicationFilter, isAskedFor } from './application-filter.ts'
import { prepareSearch } from './search-text.ts'

function application(name: string, onRead: () => void = () => {}): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd', labels: { team: 'Shop' } },
    spec: {
      project: 'default',
      destination: { server: 'https://east', namespace: 'prod' },
      get source() {
        onRead()
        return { repoURL: 'https://git.example.com/Fleet.git', path: name }
      },
    },
  }
}

const named = (name: string) => {
  const cluster = { name, server: 'https://east' }
  return { clusterOf: () => cluster }
}
const finds = (one: Application, search: string, context = named('east')) =>
  isAskedFor(one, applicationFilter({ search }, context))

test('every word is somewhere: in names, sources, clusters and labels, in letters of any size', () => {
  const cart = application('cart')
  for (const search of ['CART', 'fleet', 'prod east', 'team=shop cart']) expect(finds(cart, search)).toBe(true)
  expect(finds(cart, 'cart west')).toBe(false)
})

test('a cluster is found by the name that it has now', () => {
  const cart = application('cart')
  expect(finds(cart, 'old', named('old'))).toBe(true)
  expect(finds(cart, 'new', named('new'))).toBe(true)
  expect(finds(cart, 'old', named('new'))).toBe(false)
})

test('what was prepared is not read again for a search', async () => {
  let reads = 0
  const all = Array.from({ length: 50 }, (_, index) => application(`app-${index}`, () => reads++))
  const context = named('east')
  await prepareSearch(all, context)
  const before = reads
  expect(before).toBeGreaterThan(0)
  const filter = applicationFilter({ search: '7' }, context)
  expect(all.filter(filter.isCandidate)).toHaveLength(5)
  expect(reads).toBe(before)
})
