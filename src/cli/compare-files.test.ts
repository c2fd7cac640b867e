import { afterAll, expect, test } from 'vitest'
import { comparisonRules, openJq, ruleBasis } from '../diff/index.ts'
import type { Application, KubeObject } from '../model/index.ts'
import { compareFiles } from './compare-files.ts'
import { describeComparison } from './describe-comparison.ts'

const jq = openJq({ timeoutMs: () => 1000 })
afterAll(() => jq.close())

const settings = { ignoreDifferences: [], ignoreUpdates: [], jqTimeoutMs: 1000, maskedAnnotations: [] }
const now = new Date('2026-01-02T00:00:00Z')

async function compare(desired: KubeObject[], live: KubeObject[], ignore: object[] = []) {
  const application = { spec: { ignoreDifferences: ignore, destination: {} }, metadata: {} } as unknown as Application
  const rules = await comparisonRules(ruleBasis(application, settings), jq)
  return compareFiles({ desired, live, rules, application })
}

function object(kind: string, fields: object, metadata: object = {}): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name: 'a', ...metadata }, ...fields }
}

const verdicts = async (...args: Parameters<typeof compare>) => (await compare(...args)).map(({ verdict }) => verdict)

test('what the server fills in, and other spellings of amounts, are no difference', async () => {
  const limits = (cpu: unknown, memory: string) => ({
    containers: [{ name: 'c', image: 'i', resources: { limits: { cpu, memory } } }],
  })
  const wanted = object('Pod', { spec: limits(0.5, '1024Mi') })
  const container = { ...limits('500m', '1Gi').containers[0], imagePullPolicy: 'Always' }
  const live = object(
    'Pod',
    { spec: { containers: [container], restartPolicy: 'Always' } },
    { namespace: 'shop', uid: 'u' },
  )
  expect(await verdicts([wanted], [live])).toEqual(['synced'])
  const other = object('Pod', { spec: limits('501m', '1Gi') }, { namespace: 'shop' })
  expect(await verdicts([wanted], [other])).toEqual(['changed'])
})

test('what a server leaves out is no difference, where it is known to', async () => {
  const wanted = object('Pod', { spec: { hostNetwork: false, volumes: [], containers: null } })
  expect(await verdicts([wanted], [object('Pod', { spec: { restartPolicy: 'Always' } })])).toEqual(['synced'])
  const map = object('ConfigMap', { data: { empty: '' } })
  expect(await verdicts([map], [object('ConfigMap', { data: {} })])).toEqual(['changed'])
  const custom = (spec: object) => ({ ...object('Thing', { spec }), apiVersion: 'example.com/v1' })
  expect(await verdicts([custom({ on: false })], [custom({})])).toEqual(['changed'])
})

test('two spellings of one duration are no difference', async () => {
  const certificate = (duration: string) => object('Certificate', { spec: { duration } })
  expect(await verdicts([certificate('2160h')], [certificate('2160h0m0s')])).toEqual(['synced'])
  expect(await verdicts([certificate('2160h')], [certificate('2161h0m0s')])).toEqual(['changed'])
})

test('of long texts only the lines that differ are told', async () => {
  const map = (text: string) => object('ConfigMap', { data: { file: text } })
  const [found] = await compare([map('a\nnew\nother\nz\n')], [map('a\nold\nz\n')])
  expect(found && describeComparison(found, { now, all: false })).toBe(
    'ConfigMap a would be changed\n  data.file:\n    from line 2:\n    - old\n    + new\n    + other\n',
  )
})

test('what was applied and is no longer declared is a difference, what somebody else has added is none', async () => {
  const wanted = object('ConfigMap', { data: { a: '1' } })
  const applied = JSON.stringify(object('ConfigMap', { data: { a: '1', old: 'x' } }))
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': applied }
  const fieldsV1 = { 'f:data': { 'f:a': {}, 'f:old': {} } }
  const managedFields = [{ manager: 'kubectl-client-side-apply', operation: 'Update', apiVersion: 'v1', fieldsV1 }]
  const live = object('ConfigMap', { data: { a: '1', old: 'x', theirs: 'y' } }, { annotations, managedFields })
  const [comparison] = await compare([wanted], [live])
  expect(comparison).toMatchObject({ verdict: 'changed', fields: [{ path: 'data.old', live: 'x' }] })
  expect(comparison?.fields).toHaveLength(1)
})

test('what is only in one of the files is missing or extra, but not what a controller has made', async () => {
  const made = object('Pod', {}, { name: 'b', ownerReferences: [{ controller: true }] })
  const extraneous = object(
    'ConfigMap',
    {},
    { name: 'c', annotations: { 'argocd.argoproj.io/compare-options': 'IgnoreExtraneous' } },
  )
  expect(await verdicts([object('ConfigMap', {})], [object('Service', {}), made, extraneous])).toEqual([
    'missing',
    'extra',
  ])
})

test('a rule of the application takes a difference out of the verdict, and says so', async () => {
  const desired = object('ConfigMap', { data: { a: '1' } })
  const live = object('ConfigMap', { data: { a: '2' } })
  const [found] = await compare([desired], [live], [{ kind: 'ConfigMap', jsonPointers: ['/data/a'] }])
  expect(found).toMatchObject({ verdict: 'synced', ignored: [{ path: 'data.a', desired: '1', live: '2' }] })
  expect(found && describeComparison(found, { now, all: false })).toBe('')
  expect(found && describeComparison(found, { now, all: true })).toBe(
    'ConfigMap a is in sync\n  ignored:\n    data.a: "2" → "1" — /data/a, spec.ignoreDifferences[0]\n',
  )
})

test('a difference is told with who made it and how long ago', async () => {
  const entry = { manager: 'kubectl-edit', operation: 'Update', apiVersion: 'v1', time: '2026-01-01T21:00:00Z' }
  const managedFields = [{ ...entry, fieldsV1: { 'f:data': { 'f:a': {} } } }]
  const live = object('ConfigMap', { data: { a: '2' } }, { managedFields })
  const [found] = await compare([object('ConfigMap', { data: { a: '1' } })], [live])
  expect(found && describeComparison(found, { now, all: false })).toBe(
    'ConfigMap a would be changed\n  data.a: "2" → "1"\n    set by kubectl-edit (Update), 3 hours ago (2026-01-01T21:00:00Z)\n',
  )
})

test('values of Secrets are not told, and equal ones are equal however they are written', async () => {
  const secret = (fields: object) => object('Secret', fields)
  expect(await verdicts([secret({ stringData: { a: 'hunter2' } })], [secret({ data: { a: 'aHVudGVyMg==' } })])).toEqual(
    ['synced'],
  )
  const [changed] = await compare([secret({ stringData: { a: 'hunter3' } })], [secret({ data: { a: 'aHVudGVyMg==' } })])
  expect(changed).toMatchObject({
    verdict: 'changed',
    fields: [{ path: 'data.a', desired: '++++++++', live: '++++++++++++' }],
  })
})
