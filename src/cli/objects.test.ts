import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { HealthAssessor } from '../health/index.ts'
import { healthLines } from './health.ts'
import { readObjects, readSettings } from './objects.ts'

const folder = mkdtempSync(join(tmpdir(), 'tiphys-objects-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const names = async (...files: string[]) =>
  (await readObjects(files)).map(({ kind, metadata }) => `${kind} ${metadata.name}`)

describe('objects are read from', () => {
  test('YAML documents, lists in them, and several files, in their order', async () => {
    const one = file(
      'one.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\n# nothing\n---\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: b}}\n',
    )
    const two = file('two.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {name: c}\n')
    expect(await names(one, two)).toEqual(['Pod a', 'Pod b', 'Pod c'])
  })

  test('JSON, alone, in a list of JSON and in a List, with long integers exact', async () => {
    const pod = '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"big":9007199254740993}'
    expect(await names(file('a.json', pod), file('b.json', `[${pod},${pod}]`))).toEqual(['Pod a', 'Pod a', 'Pod a'])
    const [object] = await readObjects([file('c.json', `{"apiVersion":"v1","kind":"PodList","items":[${pod}]}`)])
    expect(object?.big).toBe(9007199254740993n)
  })

  test.each([
    ['bad.yaml', 'a: [', 'bad.yaml:1: invalid YAML'],
    ['text.yaml', 'just text', 'text.yaml holds something without apiVersion or kind'],
    ['none.yaml', 'kind: Pod', 'none.yaml holds something without apiVersion or kind'],
  ])('%s is refused', async (name, text, message) => {
    await expect(readObjects([file(name, text)])).rejects.toThrow(message)
  })

  test('a file that is not there is named', async () => {
    await expect(readObjects([join(folder, 'no.yaml')])).rejects.toThrow('no.yaml cannot be read')
  })
})

test('settings are those of argocd-cm among other objects', async () => {
  const map = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {a: ${name}}\n---\n`
  expect(await readSettings(file('cm.yaml', map('other') + map('argocd-cm')))).toEqual({ a: 'argocd-cm' })
  expect(await readSettings(file('one.yaml', map('any')))).toEqual({ a: 'any' })
  expect(await readSettings(undefined)).toEqual({})
  await expect(readSettings(file('pod.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}'))).rejects.toThrow(
    'holds no ConfigMap',
  )
})

test('a line for each object: null without health, the cause where what it owns is there too', async () => {
  const objects = await readObjects([
    file(
      'all.json',
      JSON.stringify([
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'shop' } },
        { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', uid: 'u' }, spec: {}, status: {} },
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'web-x', ownerReferences: [{ uid: 'u' }] },
          status: { phase: 'Pending', containerStatuses: [{ state: { waiting: { reason: 'ErrImagePull' } } }] },
        },
      ]),
    ),
  ])
  const assessor = new HealthAssessor({ warn: expect.unreachable, now: () => new Date(0) })
  expect(healthLines(objects, assessor)).toEqual([
    { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'c', status: null, message: '' },
    {
      group: 'apps',
      kind: 'Deployment',
      namespace: '',
      name: 'web',
      status: 'Progressing',
      message: '0 of 1 replicas are updated',
      cause: 'Deployment web → Pod web-x: ErrImagePull',
    },
    { group: '', kind: 'Pod', namespace: '', name: 'web-x', status: 'Degraded', message: 'ErrImagePull' },
  ])
})
