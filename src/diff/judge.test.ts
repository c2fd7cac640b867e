import { afterAll, expect, test } from 'vitest'
import {
  fieldManager,
  type IgnoreDifferences,
  type KubeObject,
  keyOf,
  type ManagedFieldsEntry,
} from '../model/index.ts'
import { openJq } from './ignore/jq-worker.ts'
import { compileRules } from './ignore/rules.ts'
import { type JudgeInput, judge } from './judge.ts'

const jq = openJq({ timeoutMs: () => 300 })
afterAll(() => jq.close())

const fieldsV1 = { 'f:spec': { 'f:replicas': {}, 'f:paused': {} } }
const ours: ManagedFieldsEntry = { manager: fieldManager, operation: 'Apply', apiVersion: 'apps/v1', fieldsV1 }

function deployment(spec: object, managedFields?: ManagedFieldsEntry[]): KubeObject {
  const metadata = { name: 'web', namespace: 'shop', ...(managedFields && { managedFields }) }
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec }
}

const options = { serverSide: true, includeMutations: false, maskedAnnotations: [] }

interface Case extends Partial<Pick<JudgeInput, 'desired' | 'live' | 'options'>> {
  ignore?: Partial<IgnoreDifferences>
  /** The object with all managedFields; without it, `live` counts. */
  full?: KubeObject
  predict?: (desired: KubeObject) => KubeObject
}

/** The verdict, and what the server was asked for it. */
async function judged({ ignore, full, predict = (object) => object, ...given }: Case) {
  const desired = given.desired ?? deployment({ replicas: 2, paused: true })
  const live = given.live ?? deployment({ replicas: 2, paused: true }, [ours])
  const asked: string[] = []
  const entries = ignore ? [{ group: 'apps', kind: 'Deployment', origin: 'spec', ...ignore }] : []
  const verdict = await judge({
    desired,
    live,
    options: given.options ?? options,
    rules: compileRules(entries, jq).rulesFor(keyOf(desired)),
    wasSynced: false,
    server: {
      async predict(object) {
        asked.push(`predict ${JSON.stringify(object.spec)}`)
        return { ...predict(object), metadata: live.metadata }
      },
      async read() {
        asked.push('read')
        return full ?? live
      },
    },
  })
  return { verdict, asked }
}

const scaled = deployment({ replicas: 5, paused: true }, [ours])
const replicas = { jsonPointers: ['/spec/replicas'] }

test('what is equal costs nothing, with rules or without', async () => {
  const slow = { jqPathExpressions: ['.spec | until(false; .)'] }
  expect(await judged({})).toEqual({ verdict: { kind: 'synced' }, asked: [] })
  expect(await judged({ ignore: slow })).toEqual({ verdict: { kind: 'synced' }, asked: [] })
})

test('what differs in nothing but ignored fields is settled without a request', async () => {
  const { verdict, asked } = await judged({ live: scaled, ignore: replicas })
  expect(verdict).toMatchObject({ kind: 'synced', ignored: [{ path: 'spec.replicas', desired: 2, live: 5 }] })
  expect(asked).toEqual([])
})

test('the server is asked with ignored fields as they are live, so that it cannot refuse them', async () => {
  const live = deployment({ replicas: 5, paused: false }, [ours])
  const { verdict, asked } = await judged({ live, ignore: replicas })
  expect(asked).toEqual(['read', 'predict {"replicas":5,"paused":true}'])
  expect(verdict).toMatchObject({
    kind: 'changed',
    fields: [{ path: 'spec.paused' }],
    ignored: [{ path: 'spec.replicas' }],
  })
})

test('managers are read of an object that differs, and then settle it', async () => {
  const scale = { 'f:spec': { 'f:replicas': {} } }
  const autoscaler: ManagedFieldsEntry = { manager: 'hpa', operation: 'Update', apiVersion: 'apps/v1', fieldsV1: scale }
  const full = deployment({ replicas: 5, paused: true }, [ours, autoscaler])
  const { verdict, asked } = await judged({ live: scaled, full, ignore: { managedFieldsManagers: ['hpa'] } })
  expect(verdict).toMatchObject({ kind: 'synced', ignored: [{ path: 'spec.replicas', author: { manager: 'hpa' } }] })
  expect(asked).toEqual(['read'])
})

test('a rule that cannot be followed leaves the verdict open, and is named', async () => {
  const { verdict } = await judged({ live: scaled, ignore: { jqPathExpressions: ['.spec | until(false; .)'] } })
  expect(verdict).toMatchObject({ kind: 'unknown', reason: expect.stringMatching(/until.*longer than 300 ms/) })
})

test('without the server, a difference is told all the same', async () => {
  const { verdict, asked } = await judged({ live: scaled, options: { ...options, serverSide: false } })
  expect(verdict).toMatchObject({ kind: 'changed', fields: [{ path: 'spec.replicas', desired: 2, live: 5 }] })
  expect(asked).toEqual(['read'])
})

test('what webhooks would change counts where that is asked for', async () => {
  const predict = (object: KubeObject) => ({ ...object, spec: { ...(object.spec as object), injected: true } })
  expect((await judged({ live: scaled, desired: scaled, predict })).verdict).toEqual({ kind: 'synced' })
  const all = { ...options, includeMutations: true }
  const { verdict } = await judged({ live: scaled, desired: scaled, predict, options: all })
  expect(verdict).toMatchObject({ kind: 'changed', fields: [{ path: 'spec.injected', desired: true }] })
  const ignore = { jsonPointers: ['/spec/injected'] }
  expect((await judged({ live: scaled, desired: scaled, predict, options: all, ignore })).verdict.kind).toBe('synced')
})
