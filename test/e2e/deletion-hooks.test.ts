/** Hooks before and after the deletion of an application. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { configMap, hookJob } from './manifests.ts'
import { untilWithin } from './patience.ts'
import { type App, startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

const until = untilWithin(20_000)
const resources = 'resources-finalizer.argocd.argoproj.io'

async function removed(app: App): Promise<void> {
  const target = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', name: app.name }
  await world.client.delete({ ...target, namespace: world.controlNamespace })
}

async function gone(app: App): Promise<void> {
  for (let tries = 0; app.current(); tries++) {
    if (tries > 600) throw new Error(`it is still there: ${JSON.stringify(app.current(), null, 1)}`)
    await sleep(50)
  }
}

test('hooks run before the resources go and after they have gone, and are deleted by their policies', async () => {
  const policy = { 'argocd.argoproj.io/hook-delete-policy': 'HookSucceeded' }
  const repository = world.repository({
    'config.yaml': configMap('config'),
    'before.yaml': hookJob('before', 'PreDelete'),
    'after.yaml': hookJob('after', 'PostDelete', policy) + hookJob('kept', 'PostDelete'),
  })
  const app = await world.application(repository)
  await app.settled()
  expect(await app.live('Job', 'before')).toBeUndefined()
  await app.patch({ metadata: { finalizers: [resources, ...(app.current()?.metadata.finalizers ?? [])] } })
  const seen: string[] = []
  const look = async () => {
    const [config, before, after] = await Promise.all([
      app.live('ConfigMap', 'config'),
      app.live('Job', 'before'),
      app.live('Job', 'after'),
    ])
    if (before && config) seen.push('before, with the resources')
    if (after && !config) seen.push('after, without them')
    if (after && config) seen.push('after, too early')
  }
  await removed(app)
  while (app.current()) {
    await look()
    await sleep(10)
  }
  expect(new Set(seen)).toEqual(new Set(['before, with the resources', 'after, without them']))
  // Its deletion was asked for; the garbage collector of the cluster carries it out.
  await until('the hook is gone', async () => (await app.live('Job', 'after')) === undefined)
  const kept = await app.live('Job', 'kept')
  expect(kept?.status).toMatchObject({ succeeded: 1 })
  expect(kept?.metadata.finalizers ?? []).toEqual([])
})

test('a failed PreDelete hook keeps everything until it is let go', async () => {
  const broken = hookJob('before', 'PreDelete').replace('hook:1.0', 'fail:1.0')
  const app = await world.application(world.repository({ 'all.yaml': configMap('config') + broken }))
  await app.settled()
  await app.patch({ metadata: { finalizers: [resources, ...(app.current()?.metadata.finalizers ?? [])] } })
  await removed(app)
  await app.until('the failure is told', ({ conditions }) =>
    (conditions ?? []).some(({ message }) => message.includes('a PreDelete hook has failed')),
  )
  expect(await app.live('ConfigMap', 'config')).toBeDefined()
  await app.patch({ metadata: { finalizers: [resources] } })
  await gone(app)
  expect(await app.live('ConfigMap', 'config')).toBeUndefined()
})
