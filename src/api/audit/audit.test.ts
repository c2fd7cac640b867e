import { expect, test } from 'vitest'
import type { Caller } from '../../access/index.ts'
import { routes } from '../../contract/index.ts'
import type { KubeObject } from '../../model/index.ts'
import { audit } from './audit.ts'

const caller: Caller = {
  kind: 'account',
  name: 'ann',
  issuer: 'argocd',
  groups: [],
  subjects: { subject: 'ann', groups: [] },
}
const call = { caller, address: '192.0.2.7', requestId: 'r-1', route: routes.session.create }
const subject = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'web', namespace: 'argocd', uid: 'u-1' },
}

function services(record: (event: KubeObject) => Promise<void>) {
  const lines: [object, string][] = []
  const note = (fields: object, message: string) => void lines.push([fields, message])
  const log = { debug: note, info: note, warn: note, error: note }
  return { lines, given: { log, controlPlane: { record } as never } }
}

test('a change is told as an Event on its object and as a line of the log, with who, from where and what', async () => {
  const events: KubeObject[] = []
  const { lines, given } = services(async (event) => void events.push(event))
  const change = { reason: 'ResourceUpdated', did: 'updated application spec', object: 'default/web' } as const
  await audit(call, { ...change, subject, before: { spec: { a: 1 } }, after: { spec: { a: 2 } } }, given)
  expect(events).toEqual([
    expect.objectContaining({
      reason: 'ResourceUpdated',
      type: 'Normal',
      message: 'ann updated application spec (from 192.0.2.7)',
      source: { component: 'argocd-server' },
      involvedObject: expect.objectContaining({ name: 'web', uid: 'u-1' }),
    }),
  ])
  expect(lines).toEqual([
    [
      {
        audit: true,
        user: 'ann',
        address: '192.0.2.7',
        requestId: 'r-1',
        action: 'session.create',
        resource: 'session',
        object: 'default/web',
        before: { spec: { a: 1 } },
        after: { spec: { a: 2 } },
      },
      'ann updated application spec',
    ],
  ])
})

test('what has no object of its own is told in the log only', async () => {
  const { lines, given } = services(() => Promise.reject(new Error('not to be called')))
  await audit(call, { reason: 'ResourceDeleted', did: 'deleted it', object: 'x' }, given)
  expect(lines).toHaveLength(1)
})

test('an Event that cannot be recorded does not undo what was done', async () => {
  const { lines, given } = services(() => Promise.reject(new Error('no events today')))
  await audit(call, { reason: 'ResourceDeleted', did: 'deleted it', object: 'default/web', subject }, given)
  expect(lines.map(([, message]) => message)).toEqual(['ann deleted it', 'an event could not be recorded'])
})
