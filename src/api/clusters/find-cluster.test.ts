import { expect, test } from 'vitest'
import type { Question } from '../../access/index.ts'
import type { ControlPlane } from '../../live/index.ts'
import { clusterSecret } from './cluster-secret.ts'
import { clusterQuestion, findCluster, selected } from './find-cluster.ts'

const far = {
  server: 'https://far.example.com',
  name: 'far away',
  namespaces: [],
  clusterResources: false,
  project: 'shop',
  labels: {},
  annotations: {},
  config: {},
}
const controlPlane = {
  secretsOfType: () => [clusterSecret(far, 'argocd')],
  hasInCluster: () => true,
} as unknown as ControlPlane

test('a cluster is found by its address, its name, or its name escaped twice', () => {
  const id = (value: string, type?: string) => selected([far], { id: value, ...(type && { 'id.type': type }) })
  expect(id('https://far.example.com/')).toEqual([far])
  expect(id('far away', 'name')).toEqual([far])
  expect(id('far%20away', 'name_escaped')).toEqual([far])
  expect(id('far+away', 'name_escaped')).toEqual([far])
  expect(id('%', 'name_escaped')).toEqual([])
  expect(id('far away')).toEqual([])
})

test('policies may write it by address or by name, within its project', () => {
  expect(clusterQuestion(far, 'get').object).toEqual(['shop/https://far.example.com', 'shop/far away'])
  expect(clusterQuestion({ ...far, name: 'other/https://x', project: '' }, 'get').object).toEqual([far.server])
})

test('who may not see it is told the same whether it is there or not', () => {
  const refused = (id: string) => {
    const asked: Question[] = []
    const may = (question: Question) => asked.push(question) === 0
    expect(() => findCluster({ may }, { id }, { controlPlane, action: 'get' })).toThrow(
      `permission denied: there is no cluster ${id} that you may get`,
    )
    expect(asked).toHaveLength(1)
  }
  refused('https://far.example.com')
  refused('https://nowhere.example.com')
})
