/** The settings that everybody may know, and those for who is signed in: key by key, so that no other can be among them. Pure. */
import { load } from 'js-yaml'
import type { Oidc } from '../../access/oidc/index.ts'
import { resourceOverrides } from './resource-overrides.ts'
import { signInSettings } from './sign-in-settings.ts'

export interface PublicInputs {
  /** argocd-cm. */
  settings: Record<string, string>
  /** argocd-cmd-params-cm. */
  parameters: Record<string, string>
  /** Whether somebody can sign in with a password. */
  hasPasswords: boolean
  /** The identity provider in force. */
  oidc: ReturnType<Oidc['config']>
}

const architectures = [
  'darwin-amd64',
  'darwin-arm64',
  'windows-amd64',
  'linux-amd64',
  'linux-arm64',
  'linux-ppc64le',
  'linux-s390x',
]

export function publicSettings({ settings, parameters, hasPasswords, oidc }: PublicInputs) {
  const text = (key: string) => settings[key] ?? ''
  return {
    url: text('url'),
    ...additionalUrls(text('additionalUrls')),
    appLabelKey: text('application.instanceLabelKey') || 'app.kubernetes.io/instance',
    statusBadgeEnabled: text('statusbadge.enabled') === 'true',
    statusBadgeRootUrl: text('statusbadge.url'),
    kustomizeOptions: { buildOptions: text('kustomize.buildOptions') },
    kustomizeVersions: kustomizeVersions(settings),
    googleAnalytics: {
      trackingID: text('ga.trackingid'),
      anonymizeUsers: text('ga.anonymizeusers') !== 'false',
    },
    help: help(settings),
    userLoginsDisabled: !hasPasswords,
    uiCssURL: text('ui.cssurl'),
    uiLoginButtonText: text('ui.loginButtonText'),
    trackingMethod: text('application.resourceTrackingMethod') || 'annotation',
    installationID: text('installationID'),
    execEnabled: text('exec.enabled') === 'true',
    appsInAnyNamespaceEnabled: (parameters['application.namespaces'] ?? '').trim() !== '',
    impersonationEnabled: text('application.sync.impersonation.enabled') === 'true',
    hydratorEnabled: false,
    syncWithReplaceAllowed: parameters['server.sync.replace.allowed'] !== 'false',
    resourceViewEnabled: text('ui.view.resources.disabled') !== 'true',
    ...signInSettings(settings, oidc),
  }
}

export function privateSettings(settings: Record<string, string>, controllerNamespace: string) {
  const text = (key: string) => settings[key] ?? ''
  return {
    uiBannerContent: text('ui.bannercontent'),
    uiBannerURL: webAddress(text('ui.bannerurl')),
    uiBannerPermanent: text('ui.bannerpermanent') === 'true',
    uiBannerPosition: text('ui.bannerposition'),
    controllerNamespace,
    resourceOverrides: resourceOverrides(settings),
    passwordPattern: text('passwordPattern') || '^.{8,32}$',
  }
}

/** A page makes a link of it. */
function webAddress(text: string): string {
  return /^https?:\/\//i.test(text) ? text : ''
}

function additionalUrls(text: string): { additionalUrls?: string[] } {
  try {
    const urls = load(text)
    return Array.isArray(urls) ? { additionalUrls: urls.filter((url) => typeof url === 'string') } : {}
  } catch {
    return {}
  }
}

/** `kustomize.path.<version>`; `kustomize.version.<version>` is what it was called before. */
function kustomizeVersions(settings: Record<string, string>): string[] {
  const found = Object.keys(settings).flatMap((key) => /^kustomize\.(?:version|path)\.(.+)$/.exec(key)?.[1] ?? [])
  return [...new Set(found)].sort()
}

function help(settings: Record<string, string>) {
  const chatUrl = webAddress(settings['help.chatUrl'] ?? '')
  const urls = architectures.flatMap((name) => {
    const url = webAddress(settings[`help.download.${name}`] ?? '')
    return url ? [[name, url]] : []
  })
  return {
    chatUrl,
    chatText: chatUrl ? (settings['help.chatText'] ?? 'Chat now!') : '',
    binaryUrls: Object.fromEntries(urls) as Record<string, string>,
  }
}
