import { expect, test } from 'vitest'
import type { Application } from '../../model/index.ts'
import { checkSync, describeSync, readSync, type SyncBody, syncRequest, syncRights } from './sync-request.ts'

const source = { repoURL: 'https://git.example.com/shop.git', path: 'web', targetRevision: 'main' }
const settings = { revisionNeedsOverride: false, replaceAllowed: true }

function application(spec: object = {}, metadata: object = {}): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'web', ...metadata },
    spec: { project: 'default', destination: { name: 'in-cluster' }, source, ...spec },
  }
}

const replacing = { syncPolicy: { syncOptions: ['Replace=true'] } }
const automated = { syncPolicy: { automated: {} } }
const sources = [source, { ...source, path: 'api', targetRevision: '' }]

test.each([
  [{}, {}, []],
  [{ prune: true }, {}, ['sync/prune']],
  [{ strategy: { hook: { force: true } } }, {}, ['sync/force']],
  [{ strategy: { apply: { force: true } }, prune: true }, {}, ['sync/prune', 'sync/force']],
  [{ syncOptions: { items: ['Force=true'] } }, {}, ['sync/force']],
  [{ syncOptions: { items: [' Replace = true'] } }, {}, ['sync/replace']],
  [{ syncOptions: { items: ['Replace=true'] } }, replacing, []],
  [{ manifests: ['{}'] }, {}, ['override']],
  [{ manifests: [] }, {}, []],
  [{ revision: 'v2' }, {}, []],
] as [SyncBody, object, string[]][])('%j on %j needs %j besides sync', (body, spec, rights) => {
  expect(syncRights(application(spec), body, settings)).toEqual(rights)
})

test.each([
  [{ revision: 'v2' }, {}, ['override']],
  [{ revision: 'main' }, {}, []],
  [{ revision: 'HEAD' }, { source: { ...source, targetRevision: undefined } }, []],
  [{ sourcePositions: ['2'], revisions: ['v2'] }, { sources }, ['override']],
  [{ sourcePositions: [1], revisions: ['main'] }, { sources }, []],
] as [SyncBody, object, string[]][])('where revisions need override, %j on %j needs %j', (body, spec, rights) => {
  expect(syncRights(application(spec), body, { ...settings, revisionNeedsOverride: true })).toEqual(rights)
})

test.each([
  [{ manifests: ['{}'] }, application(automated), /cannot use local sync when Automatic Sync Policy is enabled/],
  [{ revision: 'v2' }, application(automated), /Cannot sync to v2: auto-sync currently set to main/],
  [{}, application({}, { deletionTimestamp: '2026-01-01T00:00:00Z' }), /application is deleting/],
  [{}, application({ source: undefined }), /no source/],
  [{ sourcePositions: [3], revisions: ['x'] }, application({ sources }), /source position is out of range/],
  [{ sourcePositions: ['0'], revisions: ['x'] }, application({ sources }), /source position is out of range/],
] as [SyncBody, Application, RegExp][])('%j is refused', (body, one, message) => {
  expect(() => checkSync(one, body, settings)).toThrow(message)
})

test.each([
  [{ manifests: ['{}'], dryRun: true }, application(automated)],
  [{ revision: 'v2', preflightOnly: true }, application(automated)],
  [{ revision: 'v2' }, application()],
] as [SyncBody, Application][])('%j is not', (body, one) => {
  expect(() => checkSync(one, body, settings)).not.toThrow()
})

test('replacing can be switched off for all, whoever asks for it', () => {
  const off = { ...settings, replaceAllowed: false }
  expect(() => checkSync(application(), { syncOptions: { items: ['Replace=true'] } }, off)).toThrow(/disabled/)
  expect(() => checkSync(application(replacing), {}, off)).toThrow(/disabled/)
  expect(() => checkSync(application(replacing), { syncOptions: { items: [] } }, off)).not.toThrow()
})

test('options of a sync are the same as a bare list', () => {
  const asked = { items: ['Replace=true'] }
  expect(readSync({ syncOptions: ['Replace=true'] })).toEqual({ syncOptions: asked })
  expect(readSync({ syncOptions: asked, prune: null })).toEqual({ syncOptions: asked })
})

test('the fields of the request become those of the operation', () => {
  const body: SyncBody = {
    revision: 'v2',
    prune: true,
    strategy: { apply: { force: true } },
    syncOptions: { items: ['a=b'] },
    retryStrategy: { limit: 2 },
    infos: [{ name: 'why', value: 'because' }],
    resources: [{ kind: 'Service', name: 'web' }],
  }
  expect(syncRequest(application(), body)).toEqual({
    revision: 'v2',
    prune: true,
    syncStrategy: { apply: { force: true } },
    syncOptions: ['a=b'],
    retry: { limit: 2 },
    info: [{ name: 'why', value: 'because' }],
    resources: [{ kind: 'Service', name: 'web' }],
  })
  expect(syncRequest(application({ sources }), { sourcePositions: ['2'], revisions: ['v2'] })).toEqual({
    revisions: ['', 'v2'],
  })
})

test.each([
  [{}, {}, 'initiated sync to main'],
  [{ revision: 'v2', resources: [{ kind: 'A', name: 'b' }] }, {}, 'initiated partial sync to v2'],
  [{ manifests: ['{}'] }, {}, 'initiated sync locally'],
  [{ dryRun: true }, { sources }, 'initiated dry run to main,HEAD'],
  [{ preflightOnly: true }, {}, 'initiated preflight to main'],
] as [SyncBody, object, string][])('%j is told as %s', (body, spec, text) => {
  expect(describeSync(application(spec), body)).toBe(text)
})
