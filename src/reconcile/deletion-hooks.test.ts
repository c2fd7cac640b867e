import { expect, test } from 'vitest'
import type { Application, Manifest } from '../model/index.ts'
import { dueStage, finalizersForHooks } from './deletion-hooks.ts'

const resources = 'resources-finalizer.argocd.argoproj.io'
const pre = 'pre-delete-finalizer.argocd.argoproj.io'
const post = 'post-delete-finalizer.argocd.argoproj.io'

function application(...finalizers: string[]): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'web', finalizers },
    spec: { project: 'default', destination: {} },
  }
}

function hook(annotations: Record<string, string>): Manifest {
  return { object: { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j', annotations } } }
}

test('hooks for the deletion are announced by finalizers, and taken back with them', () => {
  const both = [hook({ 'argocd.argoproj.io/hook': 'PreDelete' }), hook({ 'helm.sh/hook': 'post-delete' })]
  const wanted = [resources, pre, `${pre}/cleanup`, post, `${post}/cleanup`]
  expect(finalizersForHooks(application(resources), both)).toEqual(wanted)
  expect(finalizersForHooks(application(...wanted), both)).toBeUndefined()
  expect(finalizersForHooks(application(...wanted), [])).toEqual([resources])
  expect(finalizersForHooks(application('other'), [hook({ 'argocd.argoproj.io/hook': 'PreSync' })])).toBeUndefined()
})

test.each<[string[], string | undefined]>([
  [[resources, pre, `${pre}/cleanup`, post, `${post}/cleanup`], pre],
  [[resources, `${pre}/cleanup`, post], `${pre}/cleanup`],
  [[resources, post, `${post}/cleanup`], undefined],
  [[post, `${post}/cleanup`], post],
  [[`${post}/cleanup`], `${post}/cleanup`],
  [['other'], undefined],
])('with the finalizers %j the next is %j', (finalizers, due) => {
  expect(dueStage(application(...finalizers))?.finalizer).toBe(due)
})
