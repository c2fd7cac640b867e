import { expect, test } from 'vitest'
import { settledStatus } from './naming.ts'
import type { CustomResourceDefinition } from './schema.ts'
import { servedResources } from './served.ts'

const now = '2026-01-01T00:00:00Z'

function definitionOf(plural: string, kind: string, versions: string[] = ['v1']): CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.example.com` },
    spec: {
      group: 'example.com',
      scope: 'Cluster',
      names: { plural, kind, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: versions.map((name, index) => ({ name, served: true, storage: index === 0 })),
    },
  }
}

function settled(definition: CustomResourceDefinition, others: CustomResourceDefinition[] = []) {
  return { ...definition, status: settledStatus(definition, others, now) }
}

test('a definition whose names are free is established, and stays so unchanged', () => {
  const widgets = settled(definitionOf('widgets', 'Widget'))
  expect(widgets.status.conditions?.map(({ type, status }) => `${type}=${status}`)).toEqual([
    'NamesAccepted=True',
    'Established=True',
  ])
  expect(settledStatus(widgets, [], '2027-01-01T00:00:00Z')).toBe(widgets.status)
})

test('a name that another definition of the group has is not given again', () => {
  const widgets = settled(definitionOf('widgets', 'Widget'))
  const things = settled(definitionOf('things', 'Widget'), [widgets])
  expect(things.status.conditions?.[0]).toMatchObject({ status: 'False', reason: 'ListKindConflict' })
  expect(servedResources([widgets, things])[0]?.versions[0]?.resources.map(({ entry }) => entry.name)).toEqual([
    'widgets',
  ])
})

test('versions are served with the most stable and newest first', () => {
  const widgets = settled(definitionOf('widgets', 'Widget', ['v1', 'v1beta1', 'v2alpha1', 'v10', 'foo', 'v1beta2']))
  expect(servedResources([widgets])[0]?.versions.map(({ version }) => version)).toEqual([
    'v10',
    'v1',
    'v1beta2',
    'v1beta1',
    'v2alpha1',
    'foo',
  ])
})
