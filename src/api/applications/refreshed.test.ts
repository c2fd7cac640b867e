import { expect, test } from 'vitest'
import type { DestinationFault } from '../../clusters/cluster.ts'
import { type Application, annotation } from '../../model/index.ts'
import type { Services } from '../services.ts'
import { refreshed } from './refreshed.ts'

type Looks = Parameters<typeof refreshed>[2]

function controlPlane(annotations: Record<string, string> = {}) {
  const listeners = new Set<(event: { type: 'MODIFIED'; application: Application }) => void>()
  const metadata = { name: 'web', namespace: 'argocd', annotations }
  let stored: Application | undefined = { metadata, spec: { project: 'default' } } as unknown as Application
  const tell = (application: Application) => {
    for (const listener of listeners) listener({ type: 'MODIFIED', application })
  }
  return {
    listeners,
    looked: [] as string[],
    first: stored,
    write(next: Record<string, string> | undefined) {
      const application = { ...stored, metadata: { ...metadata, annotations: next } } as Application
      stored = next && application
      tell(application)
    },
    services(fault?: DestinationFault): Looks {
      return {
        controlPlane: {
          namespace: 'argocd',
          application: () => stored,
          onApplications: (listener: never) => {
            listeners.add(listener)
            return () => void listeners.delete(listener)
          },
          patch: async (_name: string, patch: { metadata: { annotations: Record<string, string> } }) =>
            this.write(patch.metadata.annotations),
        } as unknown as Services['controlPlane'],
        stages: { clusters: { fault: () => fault } },
        controller: { look: (name: string) => this.looked.push(name), observation: () => undefined } as never,
      }
    },
  }
}

const now = new Date('2026-01-01T00:00:00Z')
const open = new AbortController().signal

test('the answer is the application as it is once the request has been taken off', async () => {
  const plane = controlPlane()
  const answer = refreshed(plane.first, { kind: 'hard', now, signal: open }, plane.services())
  await Promise.resolve()
  expect(plane.looked).toEqual(['web'])
  plane.write({ [annotation.refresh]: 'hard' })
  plane.write({ done: 'yes' })
  expect((await answer).metadata.annotations).toEqual({ done: 'yes' })
  expect(plane.listeners.size).toBe(0)
})

test('who waits longer than allowed is told so', async () => {
  const plane = controlPlane()
  const answer = refreshed(plane.first, { kind: 'normal', now, signal: open, limitMs: 10 }, plane.services())
  await expect(answer).rejects.toMatchObject({ code: 'DeadlineExceeded' })
  expect(plane.listeners.size).toBe(0)
})

test('an application that is deleted meanwhile is waited for no longer', async () => {
  const plane = controlPlane()
  const answer = refreshed(plane.first, { kind: 'normal', now, signal: open }, plane.services())
  await Promise.resolve()
  plane.write(undefined)
  await expect(answer).rejects.toMatchObject({ code: 'NotFound' })
})

test('an application that nobody looks at is not waited for', async () => {
  const plane = controlPlane({ [annotation.skipReconcile]: 'true' })
  const answer = refreshed(plane.first, { kind: 'normal', now, signal: open }, plane.services())
  await expect(answer).rejects.toThrow(/remove it first/)
})

test('nor is one whose cluster is left alone', async () => {
  const plane = controlPlane()
  const fault = { kind: 'left alone', message: 'the cluster far is left alone' } as const
  const answer = refreshed(plane.first, { kind: 'normal', now, signal: open }, plane.services(fault))
  await expect(answer).rejects.toMatchObject({ code: 'FailedPrecondition', message: 'the cluster far is left alone' })
  expect(plane.looked).toEqual([])
})
