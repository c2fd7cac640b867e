import { load } from 'js-yaml'
import { expect, test } from 'vitest'
import { privateSettings, publicSettings } from './public-settings.ts'
import { resourceOverrides } from './resource-overrides.ts'

const canary = 'canary'

test('of an installation that has set nothing, the defaults of Argo CD are told', () => {
  expect(publicSettings({ settings: {}, parameters: {}, hasPasswords: true, oidc: undefined })).toMatchObject({
    appLabelKey: 'app.kubernetes.io/instance',
    trackingMethod: 'annotation',
    userLoginsDisabled: false,
    googleAnalytics: { trackingID: '', anonymizeUsers: true },
    help: { chatUrl: '', chatText: '', binaryUrls: {} },
    syncWithReplaceAllowed: true,
    resourceViewEnabled: true,
    execEnabled: false,
  })
})

test('nothing but what is named is told, whatever else stands there', () => {
  const settings = {
    'server.secretkey': canary,
    'webhook.gitlab.secret': canary,
    'accounts.ann.password': canary,
    'dex.config': `connectors:\n- {type: ldap, id: ldap, config: {bindPW: ${canary}}}\nstaticClients: [{secret: ${canary}}]\n`,
    'oidc.config': `issuer: https://login\nclientSecret: ${canary}\nclientID: $oidc.id\nrootCA: ${canary}\nlogoutURL: https://x?${canary}\nrequestedIDTokenClaims: {groups: {essential: true, secret: ${canary}}}\n`,
    'extension.config': canary,
  }
  const told = {
    ...publicSettings({ settings, parameters: { secret: canary }, hasPasswords: false, oidc: undefined }),
    ...privateSettings(settings, 'argocd'),
  }
  expect(JSON.stringify(told)).not.toContain(canary)
  expect(told.dexConfig).toEqual({ connectors: [{ type: 'ldap', id: 'ldap' }] })
})

test('addresses that a browser would run are left out', () => {
  const settings = {
    'ui.bannerurl': 'javascript:alert(1)',
    'help.chatUrl': 'data:text/html,x',
    'help.download.linux-amd64': 'https://x',
  }
  expect(privateSettings(settings, 'argocd').uiBannerURL).toBe('')
  expect(publicSettings({ settings, parameters: {}, hasPasswords: true, oidc: undefined }).help).toEqual({
    chatUrl: '',
    chatText: '',
    binaryUrls: { 'linux-amd64': 'https://x' },
  })
})

test('settings that cannot be read are left out', () => {
  const settings = { 'dex.config': '{', 'oidc.config': '- a', additionalUrls: ': :', 'resource.customizations': '{' }
  const told = publicSettings({ settings, parameters: {}, hasPasswords: true, oidc: undefined })
  expect(told).not.toHaveProperty('dexConfig')
  expect(told).not.toHaveProperty('oidcConfig')
  expect(told).not.toHaveProperty('additionalUrls')
  expect(Object.keys(resourceOverrides(settings))).toEqual(['*/*'])
})

test('what is said of kinds is told by group and kind, of one key for all or of many', () => {
  const overrides = resourceOverrides({
    'resource.customizations': 'example.com/Old: {health.lua: return 1, useless: x}\n',
    'resource.customizations.health.example.com_New': 'return 2',
    'resource.customizations.useOpenLibs.example.com_New': 'true',
    'resource.customizations.ignoreDifferences.all': 'jqPathExpressions: [.a]\n',
    'resource.customizations.knownTypeFields.Thing': '[{field: spec.cpu, type: core/Quantity}]',
    'resource.customizations.nonsense.Thing': 'x',
  })
  expect(overrides['example.com/Old']).toEqual({ 'health.lua': 'return 1' })
  expect(overrides['example.com/New']).toEqual({ 'health.lua': 'return 2', 'health.lua.useOpenLibs': true })
  expect(overrides.Thing).toEqual({ knownTypeFields: [{ field: 'spec.cpu', type: 'core/Quantity' }] })
  expect(load(overrides['*/*']?.ignoreDifferences ?? '')).toEqual({
    jqPathExpressions: ['.a'],
    jsonPointers: ['/status'],
  })
})

test('whose status is compared is what the installation says', () => {
  const of = (field: string) =>
    Object.keys(resourceOverrides({ 'resource.compareoptions': `ignoreResourceStatusField: ${field}` }))
  expect(of('crd')).toEqual(['apiextensions.k8s.io/CustomResourceDefinition'])
  expect(of('none')).toEqual([])
  expect(of('off')).toEqual([])
  expect(of('all')).toEqual(['*/*'])
})
