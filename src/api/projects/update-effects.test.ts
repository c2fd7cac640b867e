import { expect, test } from 'vitest'
import type { Application, AppProjectSpec } from '../../model/index.ts'
import { furtherQuestions, lostApplications } from './update-effects.ts'

const application = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'web' },
  spec: {
    project: 'shop',
    source: { repoURL: 'https://git.example.com/web' },
    destination: { name: 'in-cluster', namespace: 'web' },
  },
} as Application
const cluster = { server: 'https://kubernetes.default.svc', name: 'in-cluster' }
const all: AppProjectSpec = { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] }
const lost = (before: AppProjectSpec, after: AppProjectSpec) =>
  lostApplications({ name: 'shop', before, after }, [application], () => cluster)

test('applications that are no longer permitted are counted, and those that never were are not', () => {
  expect(lost(all, all)).toBeUndefined()
  expect(lost(all, { ...all, sourceRepos: [] })).toMatch(/sources of 1 applications/)
  expect(lost(all, { ...all, destinations: [{ name: 'other', namespace: '*' }] })).toMatch(/destinations of 1/)
  expect(lost({}, {})).toBeUndefined()
})

test('who opens a cluster or a repository to a project must be permitted to change that too', () => {
  const objects = (before: AppProjectSpec, after: AppProjectSpec) =>
    furtherQuestions({ before, after }).map(({ resource, action, object }) => `${resource} ${action} ${object}`)
  expect(objects(all, all)).toEqual([])
  expect(objects(all, { sourceRepos: ['*', 'https://x'], destinations: [{ name: 'far' }] })).toEqual([
    'clusters update far',
    'repositories update https://x',
  ])
  expect(objects(all, { ...all, clusterResourceWhitelist: [{ group: '*', kind: '*' }] })).toEqual(['clusters update *'])
})
