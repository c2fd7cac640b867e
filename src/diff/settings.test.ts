import { expect, test } from 'vitest'
import { diffSettings } from './settings.ts'

function read(settings: Record<string, string>, parameters: Record<string, string> = {}) {
  const warnings: string[] = []
  return { ...diffSettings({ settings, parameters }, (message) => warnings.push(message)), warnings }
}

test('rules are read from the keys of a kind, of the core group, of all kinds, and from the old key', () => {
  const { ignoreDifferences, warnings } = read({
    'resource.customizations.ignoreDifferences.apps_Deployment': 'jsonPointers: [/spec/replicas]',
    'resource.customizations.ignoreDifferences.Service': 'jqPathExpressions: [.spec.ports]',
    'resource.customizations.ignoreDifferences.all': 'managedFieldsManagers: [hpa]',
    'resource.customizations':
      'apps/Deployment: {ignoreDifferences: "jsonPointers: [/old]"}\n"*.example.com/*":\n  ignoreDifferences: |\n    jsonPointers:\n    - /status\n',
  })
  expect(ignoreDifferences.map(({ group, kind, origin: _, ...lists }) => [group, kind, lists])).toEqual(
    expect.arrayContaining([
      ['apps', 'Deployment', { jsonPointers: ['/spec/replicas'] }],
      ['', 'Service', { jqPathExpressions: ['.spec.ports'] }],
      ['*', '*', { managedFieldsManagers: ['hpa'] }],
      ['*.example.com', '*', { jsonPointers: ['/status'] }],
    ]),
  )
  expect(ignoreDifferences).toHaveLength(4)
  expect(warnings).toEqual([])
})

test.each(['jsonPointers: /a', 'pointers: [/a]', 'just text', 'jsonPointers: [', 'jsonPointers: [1]'])(
  '%s is reported and left out',
  (text) => {
    const { ignoreDifferences, warnings } = read({ 'resource.customizations.ignoreDifferences.apps_Deployment': text })
    expect(ignoreDifferences.flatMap(({ jsonPointers = [] }) => jsonPointers)).toEqual([])
    expect(warnings).toEqual([expect.stringContaining('ignoreDifferences.apps_Deployment')])
  },
)

test('jq may take as long as argocd-cmd-params-cm says, else a second', () => {
  expect(read({}).jqTimeoutMs).toBe(1000)
  expect(read({}, { 'ignore.normalizer.jq.timeout': '5s' }).jqTimeoutMs).toBe(5000)
  expect(read({}, { 'ignore.normalizer.jq.timeout': 'long' })).toMatchObject({
    jqTimeoutMs: 1000,
    warnings: [expect.stringContaining('"long"')],
  })
})

test('changes in ignored fields are no reason for a look, unless that is switched off', () => {
  const own = { 'resource.customizations.ignoreResourceUpdates.all': 'jsonPointers: [/a]' }
  const common = { 'resource.customizations.ignoreDifferences.apps_Deployment': 'jsonPointers: [/b]' }
  const pointers = (settings: Record<string, string>) =>
    read(settings).ignoreUpdates.flatMap((entry) => entry.jsonPointers)
  expect(pointers({ ...own, ...common })).toEqual(['/a', '/b'])
  const only = { 'resource.compareoptions': 'ignoreDifferencesOnResourceUpdates: false' }
  expect(pointers({ ...own, ...common, ...only })).toEqual(['/a'])
  expect(pointers({ ...own, ...common, 'resource.ignoreResourceUpdatesEnabled': 'false' })).toEqual([])
})

test('the time of a jq expression is read from the key of Argo CD’s manifests, and from the older one', () => {
  expect(read({}, { 'controller.ignore.normalizer.jq.timeout': '3s' }).jqTimeoutMs).toBe(3000)
  expect(read({}, { 'ignore.normalizer.jq.timeout': '4s' }).jqTimeoutMs).toBe(4000)
})
