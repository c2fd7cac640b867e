import { expect, test } from 'vitest'
import type { Application, ApplicationSet } from '../model/index.ts'
import { deletionAnswer } from './deletion-guard.ts'

const set = (generators: object[] = [{ list: {} }], annotations = {}): ApplicationSet => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'ApplicationSet',
  metadata: { name: 'set', namespace: 'argocd', annotations },
  spec: {
    generators: generators as ApplicationSet['spec']['generators'],
    template: { metadata: {}, spec: { project: 'default', destination: {} } },
  },
})
const some = (count: number): Application[] =>
  Array.from({ length: count }, (_, index) => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: `app-${index}`, uid: `uid-${index}` },
    spec: { project: 'default', destination: {} },
  }))
const asWritten = { isComplete: true, wasMade: () => true }
const pullRequests = [{ matrix: { generators: [{ list: {} }, { pullRequest: {} }] } }]
const foundRepositories = [{ matrix: { generators: [{ scmProvider: {} }, { pullRequest: {} }] } }]

test.each<[string, number, number, object[] | undefined, string]>([
  ['none', 0, 5, undefined, 'delete'],
  ['three of four', 3, 4, undefined, 'delete'],
  ['four of twenty', 4, 20, undefined, 'delete'],
  ['four of nineteen', 4, 19, undefined, 'wait'],
  ['all of one', 1, 1, undefined, 'wait'],
  ['all three of a set without pull requests', 3, 3, pullRequests, 'delete'],
  ['all four of a set without pull requests', 4, 4, pullRequests, 'wait'],
  ['five of twelve pull requests', 5, 12, pullRequests, 'delete'],
  ['five of twelve, some of them from a list', 5, 12, [...pullRequests, { list: {} }], 'wait'],
  ['five of twelve of repositories that are found', 5, 12, foundRepositories, 'wait'],
  [
    'five of twelve, where a repository may be gone',
    5,
    12,
    [{ pullRequest: { continueOnRepoNotFoundError: true } }],
    'wait',
  ],
])('%s', (_, count, owned, generators, kind) => {
  const question = { ...asWritten, set: set(generators), surplus: some(count), owned }
  expect(deletionAnswer(question).kind).toBe(kind)
  if (count > 0) expect(deletionAnswer({ ...question, isComplete: false }).kind).toBe('keep')
})

test('an approval is good for the applications that it names, and for no others', () => {
  const waiting = deletionAnswer({ ...asWritten, set: set(), surplus: some(10), owned: 10 })
  if (waiting.kind !== 'wait') throw new Error(waiting.kind)
  expect(waiting.message).toMatch(/^the applications app-0, .* and 5 more are no longer generated/)
  expect(waiting.message).toContain(
    `kubectl annotate --overwrite -n argocd applicationset set tiphys.dev/approve-deletion=${waiting.approval}`,
  )
  const approved = set(undefined, { 'tiphys.dev/approve-deletion': waiting.approval })
  const answer = (surplus: Application[]) => deletionAnswer({ ...asWritten, set: approved, surplus, owned: 11 }).kind
  expect(answer(some(10).reverse())).toBe('delete')
  expect(answer(some(11))).toBe('wait')
  const madeAnew = some(10).map((one) => ({ ...one, metadata: { ...one.metadata, uid: 'other' } }))
  expect(answer(madeAnew)).toBe('wait')
})

test('pull requests that the set has not generated as it is written now may be missing by an edit', () => {
  const question = { ...asWritten, set: set(pullRequests), surplus: some(5), owned: 12 }
  expect(deletionAnswer({ ...question, wasMade: (name) => name !== 'app-3' }).kind).toBe('wait')
})

test.each([
  ['5', 5, 'delete'],
  ['5', 6, 'wait'],
  ['50%', 6, 'delete'],
  ['50%', 7, 'wait'],
  ['1', 3, 'delete'],
  ['many', 4, 'wait'],
])('with %s that may go without an approval, %i of twelve: %s', (unasked, count, kind) => {
  const annotations = { 'tiphys.dev/deletions-without-approval': unasked }
  const question = { ...asWritten, set: set(undefined, annotations), surplus: some(count), owned: 12 }
  expect(deletionAnswer(question).kind).toBe(kind)
  const all = { ...question, surplus: some(3), owned: 3 }
  expect(deletionAnswer(all).kind, 'nothing left is another matter').toBe('wait')
})
