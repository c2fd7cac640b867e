import { expect, test } from 'vitest'
import type { Application } from '../model/index.ts'
import { statesOf } from './application-states.ts'

test('metrics, which anybody may read, name a repository without the password in its address', () => {
  const application: Application = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop', namespace: 'argocd' },
    spec: {
      project: 'default',
      destination: {},
      source: { repoURL: 'https://ann:secret@git.example.com/a', path: '.' },
    },
  }
  const families = statesOf({ liveObjects: () => 0, orphaned: () => 0, destination: () => '' })
  const samples = families.flatMap(({ samples }) => [...samples(application)])
  expect(JSON.stringify(samples)).not.toContain('secret')
  expect(samples[0]?.labels).toMatchObject({ repo: 'https://git.example.com/a' })
})
