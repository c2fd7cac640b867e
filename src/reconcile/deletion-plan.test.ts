import { expect, test } from 'vitest'
import type { KubeObject } from '../model/index.ts'
import { type DeletionRequest, planDeletion } from './deletion-plan.ts'

function item(name: string, { annotations = {}, kind = 'ConfigMap', group = '', going = false } = {}) {
  const deletionTimestamp = going ? { deletionTimestamp: '2026-11-23T00:00:00Z' } : {}
  const object: KubeObject = {
    apiVersion: group ? `${group}/v1` : 'v1',
    kind,
    metadata: { name, namespace: 'shop', annotations, ...deletionTimestamp },
  }
  return { key: { group, kind, namespace: 'shop', name }, uid: `uid-${name}`, object }
}

const options = (text: string) => ({ annotations: { 'argocd.argoproj.io/sync-options': text } })
const wave = (number: number, more = {}) => ({ annotations: { 'argocd.argoproj.io/sync-wave': `${number}` }, ...more })

function plan(items: ReturnType<typeof item>[], more: Partial<DeletionRequest<ReturnType<typeof item>>> = {}) {
  const self = { group: 'argoproj.io', kind: 'Application', namespace: 'argocd', name: 'shop', uid: 'self' }
  const made = planDeletion({ items, syncOptions: [], self, confirmed: false, permission: () => undefined, ...more })
  const names = (list: { key: { name: string } }[]) => list.map(({ key }) => key.name)
  return { ...made, now: names(made.now), remaining: names(made.remaining) }
}

test('the highest wave goes first, and the next when nothing of it is left', () => {
  const [one, two, three] = [item('one', wave(-1)), item('two', wave(2)), item('three', wave(2, { going: true }))]
  expect(plan([one, two, three])).toMatchObject({ now: ['two'], remaining: ['one', 'two', 'three'] })
  expect(plan([one, three]).now).toEqual([])
  expect(plan([one]).now).toEqual(['one'])
  expect(plan([])).toMatchObject({ now: [], remaining: [] })
})

test('what asks to stay stays, and so do definitions, and the reason is told', () => {
  const definition = item('crd', { kind: 'CustomResourceDefinition', group: 'apiextensions.k8s.io' })
  const kept = [
    item('a', options('Prune=false, Delete=false')),
    item('b', { annotations: { 'helm.sh/resource-policy': 'keep' } }),
  ]
  const { remaining, left } = plan([...kept, definition, item('gone')])
  expect(remaining).toEqual(['gone'])
  expect(left[0]).toBe('ConfigMap shop/a (Delete=false)')
  expect(left[1]).toMatch(/b \(helm.sh\/resource-policy: keep\)/)
  expect(left[2]).toMatch(/all objects of its kind/)
})

test('an option of the application counts where an object has none of its own', () => {
  const { remaining } = plan([item('a'), item('b', options('Delete=true'))], { syncOptions: ['Delete=false'] })
  expect(remaining).toEqual(['b'])
})

test('while one object waits for confirmation nothing is deleted', () => {
  const items = [item('a'), item('b', options('Delete=confirm'))]
  expect(plan(items)).toMatchObject({ now: [], unconfirmed: ['ConfigMap shop/b'], remaining: ['a', 'b'] })
  expect(plan(items, { confirmed: true })).toMatchObject({ now: ['a', 'b'], unconfirmed: [] })
})

test('what the project does not permit is left, and so is the application itself', () => {
  const permission = ({ name }: { name: string }) => (name === 'a' ? 'the project does not permit it' : undefined)
  const self = { ...item('shop'), uid: 'self' }
  const { remaining, left } = plan([item('a'), item('b'), self], { permission })
  expect(remaining).toEqual(['b'])
  expect(left).toEqual(['ConfigMap shop/a (the project does not permit it)'])
})
