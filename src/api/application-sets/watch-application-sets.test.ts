import { expect, test } from 'vitest'
import type { ApplicationSetEvent } from '../../live/control-plane.ts'
import type { ApplicationSet } from '../../model/index.ts'
import { watchApplicationSets } from './watch-application-sets.ts'

const one = (name: string, project = 'default') =>
  ({ metadata: { name, namespace: 'argocd' }, spec: { template: { spec: { project } } } }) as unknown as ApplicationSet

function stage(known: ApplicationSet[]) {
  const listeners = new Set<(event: ApplicationSetEvent) => void>()
  const controlPlane = {
    applicationSets: () => known,
    onApplicationSets(listener: (event: ApplicationSetEvent) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const tell = (type: ApplicationSetEvent['type'], applicationSet: ApplicationSet) => {
    for (const listener of listeners) listener({ type, applicationSet })
  }
  return { controlPlane, tell, listeners }
}

test('what is there comes first, then each change; of many that nobody has read yet the last', async () => {
  const { controlPlane, tell, listeners } = stage([one('a')])
  const stopping = new AbortController()
  const messages = watchApplicationSets(controlPlane, { isVisible: () => true, signal: stopping.signal })[
    Symbol.asyncIterator
  ]()
  const next = async () => {
    const { value } = await messages.next()
    return value && `${value.type} ${value.applicationSet.metadata.name}`
  }
  expect(await next()).toBe('ADDED a')
  const waiting = next()
  tell('ADDED', one('b'))
  expect(await waiting).toBe('ADDED b')
  tell('ADDED', one('c'))
  tell('MODIFIED', one('c'))
  tell('MODIFIED', one('b'))
  tell('DELETED', one('b'))
  expect([await next(), await next()].sort()).toEqual(['ADDED c', 'DELETED b'])
  const last = next()
  stopping.abort()
  expect(await last).toBeUndefined()
  expect(listeners.size).toBe(0)
})

test('what the watcher may not see at that moment is not told', async () => {
  const { controlPlane, tell } = stage([])
  const stopping = new AbortController()
  const isVisible = (applicationSet: ApplicationSet) => applicationSet.spec.template.spec.project === 'mine'
  const messages = watchApplicationSets(controlPlane, { isVisible, signal: stopping.signal })[Symbol.asyncIterator]()
  const first = messages.next()
  tell('ADDED', one('theirs', 'theirs'))
  tell('ADDED', one('own', 'mine'))
  expect((await first).value?.applicationSet.metadata.name).toBe('own')
  stopping.abort()
})
