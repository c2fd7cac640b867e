import { expect, test } from 'vitest'
import { tabsOf } from './tabs-of.ts'

const all = { isLive: true, isDeclared: true, hasPods: false, mayLogs: true, mayAct: true, mayExec: true }
const of = (kind: string, more: Partial<typeof all> = {}) =>
  tabsOf({ address: { group: '', kind, namespace: 'shop', name: 'web' }, ...all, ...more })

test('a view is offered where it makes sense and is permitted', () => {
  expect(of('Deployment')).toEqual(['overview', 'changes', 'yaml', 'events', 'logs', 'terminal', 'actions'])
  expect(of('ConfigMap')).toEqual(['overview', 'changes', 'yaml', 'events', 'actions'])
  expect(of('Canary', { hasPods: true, mayExec: false })).toEqual([
    'overview',
    'changes',
    'yaml',
    'events',
    'logs',
    'actions',
  ])
  expect(of('Pod', { isDeclared: false, mayLogs: false, mayAct: false, mayExec: false })).toEqual([
    'overview',
    'yaml',
    'events',
  ])
  expect(of('Deployment', { isLive: false })).toEqual(['overview', 'changes', 'yaml'])
})
