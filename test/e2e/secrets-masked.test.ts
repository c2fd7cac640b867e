import { afterAll, beforeAll, expect, test } from 'vitest'
import type { KubeObject } from '../../src/model/index.ts'
import { tiphysIn } from './command-line.ts'
import { startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ 'resource.sensitive.mask.annotations': 'example.com/api-key' })
})
afterAll(() => world.stop())

const policy = { syncOptions: ['CreateNamespace=true'] }
const values = ['first-secret-value', 'second-secret-value', 'third-secret-value', 'annotated-secret-value']
/** Each value as it is, and as a Secret's data has it. */
const spellings = values.flatMap((value) => [value, Buffer.from(value).toString('base64')])

function secret(value: string, more = ''): string {
  return `apiVersion: v1
kind: Secret
metadata:
  name: key
  annotations: {example.com/api-key: ${value}}
stringData: {password: ${value}}
${more}`
}

async function told(...args: string[]): Promise<string> {
  const { out, err } = await tiphysIn(world, args)
  return out + err
}

function expectNothingTold(...texts: string[]): void {
  for (const text of texts) for (const spelling of spellings) expect(text).not.toContain(spelling)
}

test('values of a Secret show up nowhere but in the Secret: status, events, drift, command line', async () => {
  const repository = world.repository({ 'secret.yaml': secret('first-secret-value') })
  const app = await world.application(repository, { syncPolicy: policy })
  expect((await app.sync()).phase).toBe('Succeeded')
  const target = { group: '', version: 'v1', kind: 'Secret', namespace: app.namespace, name: 'key' }
  const data = { password: Buffer.from('second-secret-value').toString('base64') }
  const annotations = { 'example.com/api-key': 'annotated-secret-value' }
  await world.client.patch(target, { data, metadata: { annotations } }, { type: 'merge', fieldManager: 'kubectl-edit' })
  await app.until('OutOfSync', ({ sync }) => sync?.status === 'OutOfSync')
  const resource = world
    .tiphys()
    .controller.observation(app.name)
    ?.resources.find(({ key }) => key.kind === 'Secret')
  expect(resource?.verdict).toMatchObject({
    fields: [
      { path: "metadata.annotations['example.com/api-key']", desired: '++++++++', live: '++++++++++++' },
      { path: 'data.password', desired: '++++++++', live: '++++++++++++', author: { manager: 'kubectl-edit' } },
    ],
  })
  const diff = ['app', 'diff', app.name, '--allow-local', '--all']
  const shown = await told(...diff)
  expect(shown).toContain('data.password: "++++++++++++" → "++++++++"')
  const json = await told(...diff, '-o', 'json')
  const kind = (await world.client.apiResources()).find('', 'Event')
  const events: KubeObject[] = []
  if (kind) for await (const event of world.client.list(kind, { namespace: world.controlNamespace })) events.push(event)
  expect(JSON.stringify(events)).toContain('data.password')
  expectNothingTold(
    JSON.stringify(resource?.verdict),
    JSON.stringify(app.current()),
    shown,
    json,
    JSON.stringify(events),
  )
})

test('a refusal of the server is told without the values it repeats', async () => {
  const repository = world.repository({ 'secret.yaml': secret('first-secret-value', 'immutable: true\n') })
  const app = await world.application(repository, { syncPolicy: policy })
  expect((await app.sync()).phase).toBe('Succeeded')
  const syncOf = async (more: string) => {
    const revision = repository.commit({ 'secret.yaml': secret('third-secret-value', more) })
    await app.until('the commit is known', ({ sync }) => sync?.revision === revision)
    return app.sync()
  }
  const ended = await syncOf('immutable: true\n')
  expect(ended.phase).toBe('Failed')
  expect(ended.message).toMatch(/Secret .*key.*immutable/)
  expect((await syncOf('data: third-secret-value\n')).phase).toBe('Failed')
  expectNothingTold(JSON.stringify(app.current()), await told('app', 'diff', app.name, '--allow-local', '-o', 'json'))
})
