import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tiphysIn } from './command-line.ts'
import { configMap, deployment } from './manifests.ts'
import { startWorld, type World } from './world.ts'

const folder = mkdtempSync(join(tmpdir(), 'tiphys-cli-'))

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(async () => {
  await world.stop()
  rmSync(folder, { recursive: true, force: true })
})

const tiphys = (...args: string[]) => tiphysIn(world, args)

test('an application is made, synced, waited for, shown, listed, changed, rolled back and deleted', async () => {
  const repository = world.repository({ 'web.yaml': deployment('web'), 'config.yaml': configMap('config', { v: '1' }) })
  const name = world.unique('cli')
  const create = ['app', 'create', name, '--repo', repository.url, '--path', '.', '--revision', 'main']
  const place = ['--dest-name', 'in-cluster', '--dest-namespace', name, '--sync-option', 'CreateNamespace=true']
  expect(await tiphys(...create, ...place)).toMatchObject({ code: 0, out: `application ${name} created\n` })
  expect(await tiphys(...create, ...place)).toMatchObject({
    code: 20,
    err: expect.stringMatching(/exists already: use --upsert/),
  })

  const synced = await tiphys('app', 'sync', name, '--timeout', '60')
  expect(synced).toMatchObject({ code: 0 })
  expect(synced.out).toMatch(/apps +Deployment +\S+ +web +Synced/)
  expect(await tiphys('app', 'wait', name, '--timeout', '60')).toMatchObject({ code: 0 })
  const shown = JSON.parse((await tiphys('app', 'get', name, '-o', 'json')).out)
  expect(shown.status).toMatchObject({ sync: { status: 'Synced' }, health: { status: 'Healthy' } })
  expect((await tiphys('app', 'list')).out).toMatch(new RegExp(`^${name} +${name} +Synced +Healthy +Manual`, 'm'))
  expect((await tiphys('app', 'list', '-o', 'name')).out).toBe(`${name}\n`)

  const second = repository.commit({ 'config.yaml': configMap('config', { v: '2' }) })
  expect((await tiphys('app', 'get', name, '--refresh')).out).toContain('OutOfSync')
  const diff = await tiphys('app', 'diff', name, '--allow-local')
  expect(diff).toMatchObject({ code: 1, out: expect.stringContaining('data.v: "1" → "2"') })
  expect(await tiphys('app', 'sync', name, '--timeout', '60')).toMatchObject({ code: 0 })
  expect(await tiphys('app', 'diff', name, '--allow-local')).toMatchObject({ code: 0, out: '' })
  const history = JSON.parse((await tiphys('app', 'history', name, '-o', 'json')).out) as { revision: string }[]
  expect(history.map(({ revision }) => revision)).toEqual([shown.status.sync.revision, second])

  expect(await tiphys('app', 'rollback', name, '--timeout', '60')).toMatchObject({ code: 0 })
  const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace: name, name: 'config' }
  expect((await world.client.get(target))?.data).toEqual({ v: '1' })

  expect(await tiphys('app', 'set', name, '--sync-policy', 'automated', '--self-heal')).toMatchObject({ code: 0 })
  expect(await tiphys('app', 'rollback', name, '--no-pin')).toMatchObject({
    code: 20,
    err: expect.stringMatching(/--sync-policy none/),
  })
  expect(await tiphys('app', 'delete', name, '--wait', '--timeout', '60')).toMatchObject({ code: 0 })
  expect(await world.client.get(target)).toBeUndefined()
  expect(await tiphys('app', 'get', name)).toMatchObject({
    code: 20,
    err: expect.stringMatching(/there is no application/),
  })
})

test('a state that is not reached in time ends with 1 and says how things are', async () => {
  const app = await world.application(world.repository({ 'config.yaml': configMap('config') }), { syncPolicy: {} })
  await app.until('compared', ({ sync }) => sync?.status === 'OutOfSync')
  const ended = await tiphys('app', 'wait', app.name, '--timeout', '1')
  expect(ended).toMatchObject({ code: 1, err: expect.stringMatching(/not there after 1 s: OutOfSync/) })
})

test('a folder is rendered without any cluster, and compared with one', async () => {
  writeFileSync(join(folder, 'a.yaml'), configMap('a', { mode: '0644' }))
  const rendered = await tiphys('render', folder)
  expect(rendered).toMatchObject({ code: 0, out: expect.stringMatching(/kind: ConfigMap[\s\S]*mode: '0644'/) })
  const diff = await tiphys('diff', folder, '--dest-namespace', 'default')
  expect(diff).toMatchObject({ code: 1, out: expect.stringContaining('ConfigMap default/a would be created') })
  expect(await tiphys('diff', folder, '--dest-namespace', 'default', '--no-exit-code')).toMatchObject({ code: 0 })
})

test('wrong words end with 2 and a hint, and every command has help', async () => {
  expect(await tiphys('app', 'frobnicate')).toMatchObject({ code: 2, err: expect.stringMatching(/unknown command/) })
  expect(await tiphys('app', 'list', '-o', 'xml')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/json, yaml, wide or name/),
  })
  for (const words of [
    [],
    ['serve'],
    ['demo'],
    ['app'],
    ['app', 'sync'],
    ['render'],
    ['diff'],
    ['windows'],
    ['crds'],
    ['completion'],
    ['login'],
    ['proj', 'windows', 'add'],
    ['repo', 'add'],
    ['admin', 'settings', 'rbac', 'can'],
  ]) {
    expect(await tiphys(...words, '--help')).toMatchObject({ code: 0, out: expect.stringMatching(/^Usage: tiphys/) })
  }
})

test('the definitions that are printed are the ones that are installed', async () => {
  const { out } = await tiphys('crds')
  const names = [...out.matchAll(/^ {2}name: (\S+)$/gm)].map(([, name]) => name)
  expect(names).toEqual([
    'applications.argoproj.io',
    'appprojects.argoproj.io',
    'applicationsets.argoproj.io',
    'imageupdaters.argocd-image-updater.argoproj.io',
  ])
})
