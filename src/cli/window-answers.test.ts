import { loadAll } from 'js-yaml'
import { expect, test } from 'vitest'
import type { KubeObject } from '../model/index.ts'
import { answersOf } from './window-answers.ts'

const files = `
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: team, labels: {tier: prod}}
spec:
  syncWindows:
    - {kind: deny, schedule: "0 22 * * *", duration: 8h, clusters: [in-cluster], manualSync: true}
---
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: freeze}
spec:
  syncWindows:
    - {kind: deny, schedule: "0 0 24 12 *", duration: 72h, applications: ["*"]}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop}
spec: {project: team, destination: {server: "https://kubernetes.default.svc", namespace: shop}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm}
data:
  globalProjects: |
    - {projectName: freeze, labelSelector: {matchLabels: {tier: prod}}}
`
const objects = loadAll(files) as KubeObject[]
const at = (time: string) => answersOf(objects, new Date(time))[0]

test('each application is told whether it may be synced by itself and by hand, why, and until when', () => {
  expect(at('2026-11-23T23:00:00Z')).toEqual({
    application: 'shop',
    project: 'team',
    at: '2026-11-23T23:00:00Z',
    automated: {
      permitted: false,
      reason: 'the deny window "0 22 * * *" for 8h is open until 2026-11-24T06:00:00Z',
      until: '2026-11-24T06:00:00Z',
    },
    manual: {
      permitted: true,
      reason: 'the deny window "0 22 * * *" for 8h is open until 2026-11-24T06:00:00Z, with manualSync',
    },
  })
  expect(at('2026-11-23T12:00:00Z')).toMatchObject({ automated: { permitted: true }, manual: { permitted: true } })
})

test('windows of global projects count', () => {
  expect(at('2026-12-25T12:00:00Z')).toMatchObject({
    automated: { permitted: false, until: '2026-12-27T06:00:00Z' },
    manual: { permitted: false },
  })
})

test('an application whose project is in none of the files is an error, and so are files without applications', () => {
  const applications = objects.filter(({ kind }) => kind === 'Application')
  expect(() => answersOf(applications, new Date())).toThrow(/project team of shop is in none of the files/)
  expect(() => answersOf([], new Date())).toThrow(/no Application/)
})
