/** What is filled in about a repository or a template of credentials, and what is sent of it. Pure. */

export const methods = ['none', 'password', 'token', 'ssh', 'certificate', 'github', 'google', 'azure'] as const
export type Method = (typeof methods)[number]

export const kinds = ['git', 'helm', 'oci'] as const
export type Kind = (typeof kinds)[number]

export interface ConnectionDraft {
  kind: Kind
  method: Method
  /** By the names of the API. */
  texts: Record<string, string>
  flags: Record<string, boolean>
}

export interface TextFieldSpec {
  name: string
  isSecret?: true
  isLong?: true
}

/** What each way of signing in needs. */
export const methodFields: Record<Method, TextFieldSpec[]> = {
  none: [],
  password: [{ name: 'username' }, { name: 'password', isSecret: true }],
  token: [{ name: 'bearerToken', isSecret: true }],
  ssh: [{ name: 'sshPrivateKey', isSecret: true, isLong: true }],
  certificate: [
    { name: 'tlsClientCertData', isLong: true },
    { name: 'tlsClientCertKey', isSecret: true, isLong: true },
  ],
  github: [
    { name: 'githubAppID' },
    { name: 'githubAppInstallationID' },
    { name: 'githubAppEnterpriseBaseUrl' },
    { name: 'githubAppPrivateKey', isSecret: true, isLong: true },
  ],
  google: [{ name: 'gcpServiceAccountKey', isSecret: true, isLong: true }],
  azure: [
    { name: 'azureServicePrincipalClientId' },
    { name: 'azureServicePrincipalClientSecret', isSecret: true },
    { name: 'azureServicePrincipalTenantId' },
    { name: 'azureActiveDirectoryEndpoint' },
  ],
}

const offered: Record<Kind, Method[]> = {
  git: ['none', 'password', 'token', 'ssh', 'certificate', 'github', 'google', 'azure'],
  helm: ['none', 'password', 'certificate', 'azure'],
  oci: ['none', 'password', 'certificate', 'azure'],
}

/** An address of SSH is signed in to with a key, any other not. */
export function methodsFor(kind: Kind, url: string): Method[] {
  if (kind === 'git' && isSshUrl(url)) return ['none', 'ssh']
  return offered[kind].filter((method) => method !== 'ssh' || url === '')
}

export function isSshUrl(url: string): boolean {
  return /^(ssh:\/\/|[\w.-]+@[\w.-]+:)/.test(url.trim())
}

/** What an address says about itself. */
export function kindOf(url: string): Kind | undefined {
  const text = url.trim()
  if (text.startsWith('oci://')) return 'oci'
  return isSshUrl(text) || /\.git\/?$/.test(text) ? 'git' : undefined
}

const flagsOf: Record<Kind, string[]> = {
  git: ['insecure', 'enableLfs', 'forceHttpBasicAuth'],
  helm: ['insecure', 'enableOCI'],
  oci: ['insecure', 'insecureOCIForceHttp'],
}

export function flagsFor(kind: Kind, url: string): string[] {
  if (kind === 'git' && isSshUrl(url)) return ['insecureIgnoreHostKey', 'enableLfs']
  return flagsOf[kind]
}

const ofAnyMethod = ['name', 'project', 'proxy', 'noProxy']
const numbers = ['githubAppID', 'githubAppInstallationID', 'depth']

/** Only what belongs to the kind and the way of signing in that are chosen; what was typed before for another is not sent. */
export function fieldsToSend({ kind, method, texts, flags }: ConnectionDraft, url: string): Record<string, unknown> {
  const names = [...ofAnyMethod, ...(kind === 'git' ? ['depth'] : []), ...methodFields[method].map(({ name }) => name)]
  const given = names.flatMap((name): [string, unknown][] => {
    const text = texts[name]?.trim() ?? ''
    if (text === '') return []
    // Keys end with a line break.
    return [[name, numbers.includes(name) ? Number(text) : /Key$|CertData$/.test(name) ? `${text}\n` : text]]
  })
  const set = flagsFor(kind, url).filter((name) => flags[name])
  return { type: kind, ...Object.fromEntries(given), ...Object.fromEntries(set.map((name) => [name, true])) }
}

/** From what the API shows: which secrets there are, it does not say. */
export function draftOf(shown: object): ConnectionDraft {
  const given = Object.entries(shown)
  const pick = <Value>(type: string) =>
    Object.fromEntries(given.filter(([, value]) => typeof value === type && value !== '')) as Record<string, Value>
  const texts: Record<string, string> = {
    ...pick<string>('string'),
    ...Object.fromEntries(Object.entries(pick<number>('number')).map(([name, value]) => [name, String(value)])),
  }
  const kind = kinds.find((one) => one === texts.type) ?? 'git'
  const method: Method = texts.githubAppID
    ? 'github'
    : texts.azureServicePrincipalClientId
      ? 'azure'
      : texts.username
        ? 'password'
        : 'none'
  const flags = pick<boolean>('boolean')
  return { kind, method, texts, flags: { ...flags, ...(flags.insecure && { insecureIgnoreHostKey: true }) } }
}
