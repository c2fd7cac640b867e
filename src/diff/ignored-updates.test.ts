import { expect, test } from 'vitest'
import type { KubeObject } from '../model/index.ts'
import { ignoredUpdates } from './ignored-updates.ts'

const key = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' }

interface Marks {
  instance: string | undefined
  annotations?: Record<string, string>
}

function version(spec: object, { instance, annotations = {} }: Marks = { instance: 'shop' }) {
  const object: KubeObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', annotations }, spec }
  return { key, instance, object }
}

const isIgnored = ignoredUpdates([
  {
    group: 'apps',
    kind: 'Deployment',
    origin: 'a',
    jsonPointers: ['/spec/replicas'],
    jqPathExpressions: ['.spec.list[] | select(.name == "x")', '.spec | first(.slow)'],
  },
])

test('a change in nothing but these fields is ignored', () => {
  expect(isIgnored(version({ replicas: 1, a: 1 }), version({ replicas: 2, a: 1 }))).toBe(true)
  expect(isIgnored(version({ list: [{ name: 'x', v: 1 }, { name: 'y' }] }), version({ list: [{ name: 'y' }] }))).toBe(
    true,
  )
})

test('any other change counts', () => {
  expect(isIgnored(version({ replicas: 1, a: 1 }), version({ replicas: 2, a: 2 }))).toBe(false)
  expect(isIgnored(version({ slow: 1 }), version({ slow: 2 }))).toBe(false)
})

test('what no application declares has to ask for it', () => {
  const nobodys = { instance: undefined }
  const asking = { instance: undefined, annotations: { 'argocd.argoproj.io/ignore-resource-updates': 'true' } }
  expect(isIgnored(version({ replicas: 1 }, nobodys), version({ replicas: 2 }, nobodys))).toBe(false)
  expect(isIgnored(version({ replicas: 1 }, asking), version({ replicas: 2 }, asking))).toBe(true)
})
