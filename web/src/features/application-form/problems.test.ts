import { expect, test } from 'vitest'
import { type Draft, newDraft, withValue } from './draft.ts'
import { fieldOf, pathKey, problemsOf } from './problems.ts'

function complete(): Draft {
  let draft = withValue(newDraft(), ['metadata', 'name'], 'shop')
  draft = withValue(draft, ['spec', 'source', 'repoURL'], 'https://git.example.com/apps')
  return withValue(draft, ['spec', 'source', 'path'], 'shop')
}

const told = (draft: Draft) => Object.fromEntries(problemsOf(draft))

test('a complete one has no problems, an empty one lacks its name and repository', () => {
  expect(told(complete())).toEqual({})
  expect(told(newDraft())).toEqual({ 'metadata.name': 'required', 'spec.source.repoURL': 'required' })
})

const cases: [path: (string | number)[], value: unknown, problems: object][] = [
  [['metadata', 'name'], 'Shop', { 'metadata.name': 'name' }],
  [['metadata', 'name'], 'shop-', { 'metadata.name': 'name' }],
  [['spec', 'project'], '', { 'spec.project': 'required' }],
  [['spec', 'source', 'repoURL'], 'https://git example', { 'spec.source.repoURL': 'url' }],
  [['spec', 'destination'], { namespace: 'x' }, { 'spec.destination.name': 'destination' }],
  [['spec', 'destination'], { server: 'https://k8s' }, {}],
  [
    ['spec', 'source'],
    { repoURL: 'https://charts', chart: '', path: 'a' },
    {
      'spec.source.chart': 'required',
      'spec.source.path': 'oneOfPathAndChart',
      'spec.source.targetRevision': 'chartRevision',
    },
  ],
  [['spec', 'sources'], [{ repoURL: '' }], { 'spec.sources.0.repoURL': 'required' }],
  [['spec', 'syncPolicy', 'retry', 'limit'], 'x', { 'spec.syncPolicy.retry.limit': 'number' }],
  [
    ['spec', 'syncPolicy', 'retry', 'backoff'],
    { duration: '5 sec', maxDuration: '3m' },
    { 'spec.syncPolicy.retry.backoff.duration': 'duration' },
  ],
  [
    ['spec', 'ignoreDifferences'],
    [{ jsonPointers: ['spec/replicas'] }, { kind: 'Deployment' }],
    {
      'spec.ignoreDifferences.0.kind': 'kind',
      'spec.ignoreDifferences.0.jsonPointers': 'pointer',
      'spec.ignoreDifferences.1.jqPathExpressions': 'ignoredNothing',
    },
  ],
]
test.each(cases)('%j as %j', (path, value, problems) => {
  expect(told(withValue(complete(), path, value))).toEqual(problems)
})

const words: [message: string, field: string | undefined][] = [
  [
    'application spec for shop is invalid: path nowhere does not exist in revision abc of https://x: check path',
    'spec.source.path',
  ],
  ['application spec for shop is invalid: there is no project other', 'spec.project'],
  ['existing application spec is different; use upsert flag to force update', 'metadata.name'],
  ['application spec for shop is invalid: revision v9 does not exist in https://x', 'spec.source.targetRevision'],
  ['application spec for shop is invalid: there is no cluster named prod', 'spec.destination.name'],
  ['the server is out of order', undefined],
]
test.each(words)('“%s” is about %s', (message, field) => {
  const found = fieldOf(message, complete())
  expect(found && pathKey(found)).toBe(field)
})
