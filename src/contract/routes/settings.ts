/** What clients have to know of an installation before anybody has signed in, and what more of it afterwards. */
import { Flag, Text, TextMap, Texts, Type } from '../../model/schema.ts'
import { fields } from '../body.ts'
import { named } from '../named.ts'
import { route } from '../route.ts'

const Connector = fields('clusterConnector', { name: Text, type: Text, id: Text })
const Override = fields('v1alpha1ResourceOverride', {
  'health.lua': Text,
  'health.lua.useOpenLibs': Flag,
  actions: Text,
  ignoreDifferences: Text,
  ignoreResourceUpdates: Text,
  knownTypeFields: Type.Array(fields('v1alpha1KnownTypeField', { field: Text, type: Text })),
})
const Plugin = fields('clusterPlugin', { name: Text })

const Settings = fields('clusterSettings', {
  url: Text,
  additionalUrls: Texts,
  dexConfig: fields('clusterDexConfig', { connectors: Type.Array(Connector), dexAuthConnectorID: Text }),
  oidcConfig: fields('clusterOIDCConfig', {
    name: Text,
    issuer: Text,
    clientID: Text,
    cliClientID: Text,
    scopes: Texts,
    idTokenClaims: Type.Unsafe<Record<string, unknown>>({ type: 'object' }),
    enablePKCEAuthentication: Flag,
  }),
  appLabelKey: Text,
  resourceOverrides: Type.Record(Type.String(), Override),
  statusBadgeEnabled: Flag,
  statusBadgeRootUrl: Text,
  kustomizeOptions: fields('v1alpha1KustomizeOptions', { buildOptions: Text }),
  googleAnalytics: fields('clusterGoogleAnalyticsConfig', { trackingID: Text, anonymizeUsers: Flag }),
  help: fields('clusterHelp', { chatUrl: Text, chatText: Text, binaryUrls: TextMap }),
  userLoginsDisabled: Flag,
  kustomizeVersions: Texts,
  uiCssURL: Text,
  uiBannerContent: Text,
  uiBannerURL: Text,
  uiBannerPermanent: Flag,
  uiBannerPosition: Text,
  uiLoginButtonText: Text,
  passwordPattern: Text,
  trackingMethod: Text,
  installationID: Text,
  execEnabled: Flag,
  controllerNamespace: Text,
  appsInAnyNamespaceEnabled: Flag,
  impersonationEnabled: Flag,
  hydratorEnabled: Flag,
  syncWithReplaceAllowed: Flag,
  resourceViewEnabled: Flag,
})

export const settings = {
  get: route({
    id: 'settings.get',
    method: 'GET',
    path: '/api/v1/settings',
    summary: 'The settings of the installation; more of them for who is signed in',
    permission: 'public',
    answer: Settings,
  }),
  plugins: route({
    id: 'settings.plugins',
    method: 'GET',
    path: '/api/v1/settings/plugins',
    summary: 'The plugins that render manifests',
    permission: 'signed in',
    answer: named('clusterSettingsPluginsResponse', Type.Object({ plugins: Type.Array(Plugin) })),
  }),
}
