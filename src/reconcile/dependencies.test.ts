import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Application, ApplicationStatus } from '../model/index.ts'
import { Dependants, dependencyFault, dependencyHold } from './dependencies.ts'

const well: ApplicationStatus = { sync: { status: 'Synced' }, health: { status: 'Healthy' } }

function application(name: string, dependsOn = '', { status = well, namespace = 'argocd' } = {}): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace, ...(dependsOn && { annotations: { 'tiphys.dev/depends-on': dependsOn } }) },
    spec: { project: 'default', destination: {} },
    status,
  }
}

function among(...applications: Application[]) {
  const byName = new Map(
    applications.map((one) => {
      const { name, namespace } = one.metadata
      return [namespace === 'argocd' ? name : `${namespace}_${name}`, one]
    }),
  )
  return { controlNamespace: 'argocd', find: (name: string) => byName.get(name) }
}

test('an application waits until all that it depends on is Synced, Healthy and at rest', () => {
  const web = application('web', 'database, queue')
  const hold = (status: ApplicationStatus) =>
    dependencyHold(web, among(web, application('database'), application('queue', '', { status })))?.message
  expect(hold(well)).toBeUndefined()
  expect(hold({ ...well, sync: { status: 'OutOfSync' } })).toBe('automated sync waits for queue (OutOfSync)')
  expect(hold({ ...well, health: { status: 'Progressing' } })).toBe('automated sync waits for queue (Progressing)')
  expect(hold({})).toMatch(/queue \(not looked at yet\)/)
  const running = { operation: {}, phase: 'Running' as const, startedAt: '2026-11-23T00:00:00Z' }
  expect(hold({ ...well, operationState: running })).toMatch(/queue \(being synced\)/)
})

test('a dependency that does not exist is told, not waited for in silence', () => {
  const web = application('web', 'database')
  expect(dependencyHold(web, among(web))).toEqual({
    type: 'DependencyError',
    message: 'tiphys.dev/depends-on names database, which is no application: automated sync waits until there is one',
  })
})

test('a circle is told to everyone in it, and to nobody beside it', () => {
  const [a, b, c] = [application('a', 'b'), application('b', 'c'), application('c', 'a')]
  const beside = application('beside', 'a')
  const context = among(a, b, c, beside)
  expect(dependencyFault(a, context)?.message).toMatch(/a → b → c → a/)
  expect(dependencyFault(c, context)?.message).toMatch(/c → a → b → c/)
  expect(dependencyFault(beside, context)).toBeUndefined()
  expect(dependencyFault(application('self', 'self'), among(application('self', 'self')))?.message).toMatch(
    /self → self/,
  )
})

test('names mean the namespace of the application unless they say another', () => {
  const web = application('web', 'database,argocd/shared,other/cache', { namespace: 'team' })
  const database = application('database', '', { namespace: 'team' })
  const cache = application('cache', '', { namespace: 'other', status: {} })
  expect(dependencyHold(web, among(web, database, application('shared'), cache))?.message).toMatch(/for other_cache/)
})

test('whatever depends on whatever: an answer comes, and a circle is found exactly where there is one', () => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const edges = fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), { maxLength: 12 })
  fc.assert(
    fc.property(edges, (pairs) => {
      const targets = (name: string) => pairs.filter(([from]) => from === name).map(([, to]) => to)
      const context = among(...names.map((name) => application(name, targets(name).join(','))))
      const reaches = (name: string) => {
        const seen = new Set(targets(name))
        for (const next of seen) for (const target of targets(next)) seen.add(target)
        return seen.has(name)
      }
      for (const name of names) {
        const one = context.find(name)
        expect(one && dependencyFault(one, context) !== undefined).toBe(reaches(name))
      }
    }),
  )
})

test('those that depend on an application are told when it gets well, ill or away, and of nothing else', () => {
  const dependants = new Dependants()
  const note = (one: Application) => dependants.note(one.metadata.name, one, 'argocd')
  note(application('web', 'database'))
  expect(note(application('database', '', { status: {} }))).toEqual(['web'])
  expect(note(application('database', '', { status: {} }))).toEqual([])
  expect(note(application('database'))).toEqual(['web'])
  expect(note(application('database', '', { status: { ...well, reconciledAt: '2026-11-23T00:00:00Z' } }))).toEqual([])
  expect(dependants.note('database', undefined, 'argocd')).toEqual(['web'])
  note(application('web'))
  expect(note(application('database'))).toEqual([])
})
