import { expect, test } from 'vitest'
import { readHealthCause, shortText } from './health-cause.ts'

test('a cause is the objects down to the one that fails, and the word for what it has', () => {
  const told = 'ImagePullBackOff: Back-off pulling image "registry.example.com/web:1": not found'
  expect(readHealthCause(`Deployment web → ReplicaSet web-5d → Pod web-5d-x1:\n ${told}`)).toEqual({
    objects: [
      { kind: 'Deployment', name: 'web' },
      { kind: 'ReplicaSet', name: 'web-5d' },
      { kind: 'Pod', name: 'web-5d-x1' },
    ],
    reason: 'ImagePullBackOff',
    message: told,
    others: 0,
  })
})

test('which container it is belongs to the reason, and how many others are no better is told', () => {
  const told = 'Pod web: container proxy: CrashLoopBackOff: back-off (exit code 1) (and 2 more resources Degraded)'
  expect(readHealthCause(told)).toMatchObject({ reason: 'container proxy: CrashLoopBackOff', others: 2 })
})

test('a short text without a word for it is the reason itself, a long one is cut after a word', () => {
  expect(readHealthCause('none of its resources is in the cluster.')).toEqual({
    objects: [],
    reason: 'none of its resources is in the cluster',
    others: 0,
  })
  const long = readHealthCause(`Job migrate: ${'the schema is newer, '.repeat(20)}`)
  expect(long.objects).toEqual([{ kind: 'Job', name: 'migrate' }])
  expect(long.reason).toMatch(/^the schema.*(newer|is|the|schema)…$/)
  expect(long.reason.length).toBeLessThanOrEqual(81)
  expect(long.message).toHaveLength(20 * 21 - 1)
})

test('what has no spaces is cut all the same', () => {
  expect(shortText('x'.repeat(50), 20)).toBe(`${'x'.repeat(20)}…`)
})
