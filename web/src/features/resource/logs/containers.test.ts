import { expect, test } from 'vitest'
import { containersOf } from './containers.ts'

test('all containers of a Pod are known, with how each is', () => {
  const pod = {
    metadata: { annotations: { 'kubectl.kubernetes.io/default-container': 'web' } },
    spec: { initContainers: [{ name: 'setup' }], containers: [{ name: 'side' }, { name: 'web' }] },
    status: {
      containerStatuses: [
        { name: 'web', restartCount: 2, state: { running: {} } },
        { name: 'side', state: { waiting: {} } },
      ],
    },
  }
  expect(containersOf(pod)).toEqual([
    { name: 'web', sort: 'container', isRunning: true, restarts: 2 },
    { name: 'side', sort: 'container', isRunning: false, restarts: 0 },
    { name: 'setup', sort: 'init', isRunning: false, restarts: 0 },
  ])
})

test('those of a template are told by their names, and nothing has none', () => {
  const deployment = { spec: { template: { spec: { containers: [{ name: 'web' }] } } } }
  expect(containersOf(deployment).map(({ name }) => name)).toEqual(['web'])
  expect(containersOf(undefined)).toEqual([])
  expect(containersOf({ spec: 'odd' })).toEqual([])
})
