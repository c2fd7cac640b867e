import { expect, test } from 'vitest'
import type { Application, OperationState } from '../model/index.ts'
import { concludeFrom } from './conclusion.ts'
import { type Memory, newMemory } from './memory.ts'
import type { Observation } from './observe.ts'
import { attemptOf, type Obstacle } from './obstacle.ts'
import type { OperationRun } from './operation-run.ts'
import type { Stages } from './stages.ts'

const running: OperationState = {
  operation: { sync: { revision: 'aaa' }, initiatedBy: { automated: true } },
  phase: 'Running',
  startedAt: '2026-01-01T00:00:00Z',
}
const application: Application = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'web', namespace: 'argocd' },
  spec: { project: 'default', destination: { name: 'in-cluster' }, syncPolicy: { automated: {} } },
  operation: running.operation,
  status: { operationState: running },
}
const observation: Observation = {
  resources: [],
  findings: [],
  retry: false,
  sync: 'OutOfSync',
  health: { status: 'Missing' },
}
const stages = {
  clock: { now: () => Date.parse('2026-01-01T00:01:00Z') },
  settings: { selfHealBackoff: { firstMs: 2000, factor: 3, capMs: 300_000 } },
  controlPlane: { namespace: 'argocd', application: () => undefined },
} as unknown as Stages

/** `meanwhile` happens while it is found out whether the next try is promising. */
function waiting(meanwhile: (memory: Memory) => void): Memory {
  const memory: Memory = {
    ...newMemory(),
    run: { state: running, wait: { state: running, since: 0, tryNow() {} } } as unknown as OperationRun,
  }
  memory.obstacle = {
    attempt: attemptOf(running),
    hasChanged: async () => {
      meanwhile(memory)
      return false
    },
    nextLookMs: () => 1000,
  } as unknown as Obstacle
  return memory
}

const conclude = (memory: Memory) =>
  concludeFrom(application, { memory, observation }, { stages, signal: new AbortController().signal, mayBegin: true })

test('an operation that ends while it is looked at is not begun once more', async () => {
  const memory = waiting((memory) => {
    delete memory.run
    memory.ended = { ...running, phase: 'Succeeded', finishedAt: '2026-01-01T00:01:00Z' }
  })
  expect((await conclude(memory)).starts).toBeUndefined()
})

test('an operation that nobody carries out is begun, as after a restart', async () => {
  expect((await conclude(newMemory())).starts?.state).toEqual(running)
})
