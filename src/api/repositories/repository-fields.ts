/** The fields of repositories and of credentials: what they are called in the API and in a Secret. Pure. */
import type { KubeObject } from '../../model/index.ts'
import { encoded, type FieldKind, fieldText, isTrue, isWritten } from '../secret-fields.ts'

interface Field {
  /** In a Secret, where that is another name than in the API. */
  key?: string
  /** The same in a Secret of credentials. */
  credentialsKey?: string
  kind: FieldKind
  /** Never answered. */
  isSecret?: true
}

const text: Field = { kind: 'text' }
const flag: Field = { kind: 'flag' }
const number: Field = { kind: 'number' }
const secret: Field = { kind: 'text', isSecret: true }

/** Of repositories and credentials alike. */
const common = {
  type: text,
  username: text,
  password: secret,
  bearerToken: secret,
  sshPrivateKey: secret,
  tlsClientCertData: secret,
  tlsClientCertKey: secret,
  githubAppPrivateKey: secret,
  githubAppID: number,
  githubAppInstallationID: number,
  githubAppEnterpriseBaseUrl: text,
  gcpServiceAccountKey: secret,
  azureServicePrincipalClientId: { kind: 'text', credentialsKey: 'azureServicePrincipalClientID' },
  azureServicePrincipalClientSecret: secret,
  azureServicePrincipalTenantId: { kind: 'text', credentialsKey: 'azureServicePrincipalTenantID' },
  azureActiveDirectoryEndpoint: text,
  useAzureWorkloadIdentity: flag,
  enableOCI: flag,
  insecureOCIForceHttp: flag,
  forceHttpBasicAuth: flag,
  proxy: text,
  noProxy: text,
} satisfies Record<string, Field>

const ofRepository = {
  ...common,
  repo: { kind: 'text', key: 'url' },
  name: text,
  project: text,
  insecureIgnoreHostKey: flag,
  insecure: flag,
  enableLfs: flag,
  depth: number,
  webhookManifestCacheWarmDisabled: flag,
} satisfies Record<string, Field>

const ofCredentials = { ...common, url: text } satisfies Record<string, Field>

export type RepositoryField = keyof typeof ofRepository
export type CredentialsField = keyof typeof ofCredentials

/** As texts, by the names of the API; empty ones are left out. */
export type RepositoryFields = Partial<Record<RepositoryField, string>>
export type CredentialsFields = Partial<Record<CredentialsField, string>>

const tables = { repository: ofRepository, credentials: ofCredentials }
type Kind = keyof typeof tables

function entriesOf(kind: Kind): [name: string, key: string, field: Field][] {
  return Object.entries(tables[kind] as Record<string, Field>).map(([name, field]) => [
    name,
    (kind === 'credentials' ? field.credentialsKey : undefined) ?? field.key ?? name,
    field,
  ])
}

/** From the decoded data of a Secret. */
export function readFields(kind: 'repository', data: Record<string, string>): RepositoryFields
export function readFields(kind: 'credentials', data: Record<string, string>): CredentialsFields
export function readFields(kind: Kind, data: Record<string, string>): Record<string, string> {
  const found = entriesOf(kind).flatMap(([name, key]) => (data[key] ? [[name, data[key]]] : []))
  return Object.fromEntries(found)
}

/** From what a client has sent. */
export function givenFields(kind: 'repository', given: object): RepositoryFields
export function givenFields(kind: 'credentials', given: object): CredentialsFields
export function givenFields(kind: Kind, given: object): Record<string, string> {
  const sent = given as Record<string, unknown>
  const found = entriesOf(kind).flatMap(([name, , { kind: of }]) => {
    const value = fieldText(sent[name])
    return isWritten(of, value, false) ? [[name, value]] : []
  })
  return Object.fromEntries(found)
}

/** The data of a Secret that says this; keys that are there already stay, whatever they are for. */
export function secretData(kind: Kind, fields: Record<string, string | undefined>, current?: KubeObject) {
  const known = (current?.data ?? {}) as Record<string, string>
  const written = entriesOf(kind).flatMap(([name, key, { kind: of }]) => {
    const value = fields[name] ?? (of === 'text' ? '' : of === 'flag' ? 'false' : '0')
    return isWritten(of, value, known[key] !== undefined) ? [[key, encoded(value)]] : []
  })
  return { ...known, ...Object.fromEntries(written) }
}

/** With the credentials of the repository itself, others are not looked for. */
export function hasCredentials(fields: RepositoryFields | CredentialsFields): boolean {
  const { username, password, bearerToken, sshPrivateKey, tlsClientCertData, githubAppPrivateKey } = fields
  const given = [username, password, bearerToken, sshPrivateKey, tlsClientCertData, githubAppPrivateKey]
  const azure = isTrue(fields.useAzureWorkloadIdentity) || fields.azureServicePrincipalClientSecret
  return given.some(Boolean) || Boolean(azure)
}

/** Of these, what the credentials say counts whatever the repository says. */
const flagsOfCredentials = [
  'enableOCI',
  'insecureOCIForceHttp',
  'forceHttpBasicAuth',
  'useAzureWorkloadIdentity',
] as const

export function withInherited(
  repository: RepositoryFields,
  { url: _url, ...credentials }: CredentialsFields,
): RepositoryFields {
  const flags = Object.fromEntries(flagsOfCredentials.map((name) => [name, credentials[name] ?? 'false']))
  return { ...credentials, ...repository, ...flags }
}
