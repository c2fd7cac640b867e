import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { ControlPlane } from '../../live/index.ts'
import type { Application } from '../../model/index.ts'
import type { Services } from '../services.ts'
import { openApplicationTexts } from './application-texts.ts'
import { watchApplications } from './application-watch.ts'
import { parseFields, selectionBelow } from './field-selection.ts'
import { seeingApplications } from './find-application.ts'

type ApplicationEvent = Parameters<Parameters<ControlPlane['onApplications']>[0]>[0]

function application(name: string, version: number, health = 'Healthy'): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd', uid: name, resourceVersion: String(version), labels: { team: 'a' } },
    spec: { project: 'default', destination: {} },
    status: { health: { status: health } },
  } as unknown as Application
}

function plane(...given: Application[]) {
  const all = new Map(given.map((one) => [one.metadata.name, one]))
  const listeners = new Set<(event: ApplicationEvent) => void>()
  const tell = (event: ApplicationEvent) => {
    for (const listener of listeners) listener(event)
  }
  return {
    listeners,
    put(one: Application) {
      all.set(one.metadata.name, one)
      tell({ type: 'MODIFIED', application: one })
    },
    remove(name: string) {
      const one = all.get(name) as Application
      all.delete(name)
      tell({ type: 'DELETED', application: one })
    },
    controlPlane: {
      namespace: 'argocd',
      applications: () => [...all.values()],
      application: (name: string) => all.get(name),
      onApplications: (listener: (event: ApplicationEvent) => void) => {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    } as unknown as Services['controlPlane'],
  }
}

function watch(of: ReturnType<typeof plane>, { fields = 'result', since }: { fields?: string; since?: bigint } = {}) {
  const ending = new AbortController()
  const rights = { allowed: true, ended: false, basis: {} }
  const messages = watchApplications(
    {
      isAskedFor: ({ metadata }) => metadata.labels?.team === 'a',
      selection: selectionBelow(parseFields(fields), 'result'),
      ...(since !== undefined && { since }),
      rights: {
        may: () => rights.allowed,
        mayOf: () => rights.allowed,
        basisIn: () => rights.basis,
        async check() {
          if (rights.ended) throw new Error('the session has ended')
        },
      },
      signal: ending.signal,
    },
    { controlPlane: of.controlPlane, texts: openApplicationTexts(), seeing: seeingApplications('argocd') },
  )
  const next = async () => {
    const { value } = await messages.next()
    return value && JSON.parse(value.toString())
  }
  /** In short: what happened to which. */
  const told = async () => {
    const message = await next()
    return (
      message && `${message.type} ${message.application.metadata?.name} ${message.application.status?.health.status}`
    )
  }
  return { next, told, rights, messages, end: () => ending.abort() }
}

test('what there is comes first, then what changes, comes and goes', async () => {
  const of = plane(application('b', 1), application('a', 2))
  const { told } = watch(of)
  expect(await told()).toBe('ADDED a Healthy')
  expect(await told()).toBe('ADDED b Healthy')
  of.put(application('a', 3, 'Degraded'))
  expect(await told()).toBe('MODIFIED a Degraded')
  of.put(application('c', 4))
  expect(await told()).toBe('ADDED c Healthy')
  of.remove('b')
  expect(await told()).toBe('DELETED b Healthy')
})

test('a slow reader is told the latest of each, and nothing of what came and went meanwhile', async () => {
  const of = plane(application('a', 1))
  const { told } = watch(of)
  await told()
  for (let version = 2; version < 500; version++) of.put(application('a', version, `health-${version}`))
  of.put(application('brief', 500))
  of.remove('brief')
  of.put(application('z', 501))
  expect(await told()).toBe('MODIFIED a health-499')
  expect(await told()).toBe('ADDED z Healthy')
})

test('what is the same after the choice of fields is not told again', async () => {
  const of = plane(application('a', 1))
  const { next } = watch(of, { fields: 'result.type,result.application.status.health.status' })
  expect(await next()).toEqual({ type: 'ADDED', application: { status: { health: { status: 'Healthy' } } } })
  of.put(application('a', 2))
  const waiting = next()
  await new Promise((resolve) => setTimeout(resolve, 10))
  of.put(application('a', 3, 'Degraded'))
  expect(await waiting).toEqual({ type: 'MODIFIED', application: { status: { health: { status: 'Degraded' } } } })
})

test('who has a list is told what is newer than it, and of the others when they change', async () => {
  const of = plane(application('a', 5), application('b', 6))
  const { told } = watch(of, { since: 5n })
  expect(await told()).toBe('MODIFIED b Healthy')
  of.remove('a')
  expect(await told()).toBe('DELETED a Healthy')
})

test('what is no longer asked for goes, and what may no longer be seen says nothing but its name', async () => {
  const of = plane(application('a', 1), application('b', 2))
  const { next, told, rights } = watch(of)
  await told()
  await told()
  const moved = application('a', 3)
  of.put({ ...moved, metadata: { ...moved.metadata, labels: { team: 'other' } } })
  expect(await told()).toBe('DELETED a Healthy')
  rights.allowed = false
  of.put(application('b', 4, 'Degraded'))
  expect(await next()).toEqual({ type: 'DELETED', application: { metadata: { name: 'b', namespace: 'argocd' } } })
})

test('when rights change, what may no longer be seen goes, and what may be seen comes, without changing itself', async () => {
  const of = plane(application('a', 1), application('b', 1))
  const { told, rights } = watch(of)
  expect([await told(), await told()]).toEqual(['ADDED a Healthy', 'ADDED b Healthy'])
  const change = (allowed: boolean) => Object.assign(rights, { allowed, basis: {} })
  change(false)
  of.put(application('a', 2))
  expect([await told(), await told()]).toEqual(['DELETED a undefined', 'DELETED b undefined'])
  change(true)
  of.put(application('a', 3))
  expect([await told(), await told()]).toEqual(['ADDED a Healthy', 'ADDED b Healthy'])
})

test('of what comes and goes while nothing is read, nothing is kept', async () => {
  const of = plane(application('a', 1))
  const { told } = watch(of)
  await told()
  const gone: WeakRef<Application>[] = []
  for (let turn = 0; turn < 100; turn++) {
    const brief = application(`brief-${turn}`, turn + 2)
    gone.push(new WeakRef(brief))
    of.put(brief)
    of.remove(brief.metadata.name)
  }
  await new Promise((resolve) => setTimeout(resolve, 1))
  collectGarbage()
  expect(gone.filter((one) => one.deref() !== undefined).length).toBeLessThan(2)
  of.put(application('z', 501))
  expect(await told()).toBe('ADDED z Healthy')
})

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}

test('nothing is told that is not permitted, and a session that ends ends the stream', async () => {
  const of = plane(application('a', 1))
  const { messages, rights } = watch(of)
  rights.allowed = false
  const waiting = messages.next()
  await new Promise((resolve) => setTimeout(resolve, 10))
  rights.ended = true
  of.put(application('a', 2))
  await expect(waiting).rejects.toThrow('the session has ended')
  expect(of.listeners.size).toBe(0)
})

test('nobody listens for a client that has gone', async () => {
  const of = plane(application('a', 1))
  const { messages, told, end } = watch(of)
  await told()
  const waiting = messages.next()
  end()
  expect((await waiting).done).toBe(true)
  expect(of.listeners.size).toBe(0)
})
