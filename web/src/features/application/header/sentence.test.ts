import { expect, test } from 'vitest'
import type { Application, ApplicationTree, ResourceDiff } from '../../../lib/api.ts'
import { readHealthCause } from '../../../lib/health-cause.ts'
import type { Language } from '../../../lib/language.ts'
import { type Fragment, sentenceOf } from './sentence.ts'
import { causeParts, standingOf } from './standing.ts'

const old = 'a'.repeat(40)
const fresh = 'b'.repeat(40)
const source = { repoURL: 'https://git.example.com/shop.git', path: 'web', targetRevision: 'main' }
const commits = new Map([
  [old, { author: 'Ana <ana@example.com>', message: 'bump api', date: '2026-01-01T00:00:00Z' }],
  [fresh, { author: 'Ben', message: 'more replicas\n\nbecause', date: '2026-01-02T00:00:00Z' }],
])

interface Given {
  sync?: string
  revision?: string
  health?: { status: string; message?: string }
  changes?: number
  history?: string[]
  metadata?: object
  operation?: object
}

function application({ sync = 'Synced', revision = old, health = { status: 'Healthy' }, changes = 0, ...more }: Given) {
  return {
    metadata: { name: 'guestbook', namespace: 'argocd', ...more.metadata },
    spec: { project: 'default', source, destination: { name: 'prod-eu', namespace: 'guestbook' } },
    ...(more.operation && { operation: more.operation }),
    status: {
      sync: { status: sync, revision },
      health,
      history: (more.history ?? [old]).map((one, id) => ({
        id,
        revision: one,
        source,
        deployedAt: '2026-01-01T00:00:00Z',
      })),
      resources: Array.from({ length: changes }, (_, index) => ({
        kind: 'ConfigMap',
        name: `c${index}`,
        status: 'OutOfSync',
      })),
    },
  } as unknown as Application
}

function say(
  given: Given,
  { language = 'en', managed }: { language?: Language; managed?: ResourceDiff[] } = {},
): string {
  const standing = standingOf({ application: application(given), managed })
  return sentenceOf(standing, { language, commits })
    .map(textOf)
    .join('')
    .replace(/\u00a0/g, ' ')
}

function textOf(fragment: Fragment): string {
  if (fragment.is === 'time') return `<${fragment.at.slice(0, 10)}>`
  return fragment.is === 'quote' ? `“${fragment.text}”` : fragment.text
}

const runs = 'guestbook runs aaaaaaa (main, Ana, <2026-01-01>) on prod-eu/guestbook: '

test('what is as it should be is said in one breath', () => {
  expect(say({})).toBe(`${runs}as declared, healthy.`)
  expect(say({}, { language: 'fr' })).toBe(
    'guestbook est en aaaaaaa (main, Ana, <2026-01-01>) sur prod-eu/guestbook : conforme, en bonne santé.',
  )
})

test('what is wrong is said with what causes it', () => {
  const message = `Deployment api → Pod api-7f: ImagePullBackOff: ${'no such image '.repeat(30)}`
  const health = { status: 'Degraded', message }
  expect(say({ health })).toBe(`${runs}as declared, but degraded: Deployment api → Pod api-7f: ImagePullBackOff.`)
  expect(standingOf({ application: application({ health }) }).message).toMatch(/^ImagePullBackOff: no such.*image$/)
})

test('a commit that is not there yet is named with its author and its message', () => {
  expect(say({ sync: 'OutOfSync', revision: fresh, changes: 3 })).toBe(
    `${runs}bbbbbbb (main, Ben “more replicas”, <2026-01-02>) is not there yet, 3 changes; healthy.`,
  )
})

test('a drift is said with the field, both values, and who it was', () => {
  const author = { manager: 'kubectl-scale', operation: 'Update', time: '2026-01-03T00:00:00Z' }
  const drift = [{ path: 'spec.replicas', desired: 3, live: 5, author }]
  const managed = [{ kind: 'Deployment', name: 'web', verdict: 'changed', drift }] as unknown as ResourceDiff[]
  expect(say({ sync: 'OutOfSync', changes: 1 }, { managed })).toBe(
    `${runs}1 object drifted: spec.replicas 3 → 5 by kubectl-scale, <2026-01-03>; healthy.`,
  )
})

test('what was never deployed, what nobody can compare, and what is going or being synced say so', () => {
  expect(say({ sync: 'OutOfSync', changes: 2, history: [] })).toBe(
    'guestbook is to run on prod-eu/guestbook: nothing has been deployed yet, 2 objects to make.',
  )
  expect(say({ sync: 'Unknown' })).toBe(`${runs}nobody can say whether it is as declared.`)
  expect(say({ metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })).toBe(`${runs}it is being deleted.`)
  expect(say({ sync: 'OutOfSync', revision: fresh, operation: { sync: {} } })).toBe(
    `${runs}a sync is under way to bbbbbbb (main, Ben “more replicas”, <2026-01-02>); healthy.`,
  )
})

test('objects in the cause of a state can be opened when the tree has them', () => {
  const pod = { kind: 'Pod', namespace: 'shop', name: 'api-7f' }
  const tree = { nodes: [pod], orphanedNodes: [], hosts: [], shardsCount: 1 } as ApplicationTree
  const cause = (text: string) => causeParts(readHealthCause(text), tree)
  expect(cause('Deployment api → Pod api-7f: CrashLoopBackOff: it ended')).toEqual([
    { text: 'Deployment api' },
    { text: ' → ' },
    { text: 'Pod api-7f', address: pod },
    { text: ': CrashLoopBackOff' },
  ])
  expect(cause('none of its resources is in the cluster')).toEqual([
    { text: 'none of its resources is in the cluster' },
  ])
})
