/** The addresses of the page: where links lead, written once. */

const segment = encodeURIComponent

export const paths = {
  applications: '/applications',
  applicationSets: '/applicationsets',
  applicationSet: (namespace: string, name: string) => `/applicationsets/${segment(namespace)}/${segment(name)}`,
  resources: '/resources',
  settings: '/settings',
  settingsPage: (page: SettingsPage) => `/settings/${page}`,
  project: (name: string) => `/settings/projects/${segment(name)}`,
  userInfo: '/user-info',
  login: '/login',
  application: (namespace: string, name: string, search: Record<string, string | undefined> = {}) =>
    withSearch(`/applications/${segment(namespace)}/${segment(name)}`, search),
}

export const settingsPages = [
  'repos',
  'repocreds',
  'clusters',
  'projects',
  'accounts',
  'certs',
  'gpgkeys',
  'notifications',
  'access',
  'appearance',
] as const
export type SettingsPage = (typeof settingsPages)[number]

export function withSearch(path: string, search: Record<string, string | undefined>): string {
  const given = Object.entries(search).filter((entry): entry is [string, string] => !!entry[1])
  return given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path
}

/** How an address names one object of an application: `group/kind/namespace/name`. */
export interface ResourceAddress {
  group?: string | undefined
  kind?: string | undefined
  namespace?: string | undefined
  name?: string | undefined
}

export function resourceParameter({ group, kind, namespace, name }: ResourceAddress): string {
  return [group, kind, namespace, name].map((part) => part ?? '').join('/')
}

export function parseResourceParameter(text: string | undefined): Record<keyof ResourceAddress, string> | undefined {
  const [group = '', kind, namespace = '', ...name] = text?.split('/') ?? []
  if (!kind || name.length === 0) return undefined
  return { group, kind, namespace, name: name.join('/') }
}
