import { expect, test } from 'vitest'
import type { KubeObject } from '../../model/index.ts'
import { meantOf, shownFields } from './object-commands.ts'

const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', managedFields: [] },
  spec: { containers: [{ name: 'a' }, { name: 'b' }] },
}

test('fields are found in lists too, and who manages them is shown only when asked', () => {
  expect(
    shownFields(pod, { filterFields: ['spec.containers.name', 'spec.containers[1].name', 'status.podIP'] }),
  ).toEqual({
    'spec.containers.name': ['a', 'b'],
    'spec.containers[1].name': 'b',
    'status.podIP': undefined,
  })
  expect(shownFields(pod, {})).not.toHaveProperty('metadata.managedFields')
  expect(shownFields(pod, { showManagedFields: true })).toHaveProperty('metadata.managedFields')
})

test('of several objects one has to be said, or all', () => {
  expect(() => meantOf([pod, pod], 'shop', false)).toThrow(/--all/)
  expect(meantOf([pod, pod], 'shop', true)).toHaveLength(2)
  expect(() => meantOf([], 'shop', true)).toThrow(/no such object/)
})
