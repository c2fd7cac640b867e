/** The repositories and credentials that are registered, as their Secrets say. */
import { type ControlPlane, decodedSecret } from '../../live/index.ts'
import type { KubeObject } from '../../model/index.ts'
import { coveredLength } from './credentials-prefix.ts'
import {
  type CredentialsFields,
  hasCredentials,
  type RepositoryFields,
  readFields,
  withInherited,
} from './repository-fields.ts'

/** For reading sources, or for pushing what was rendered. */
export type Purpose = 'read' | 'write'

export interface RepositoryRecord {
  secret: KubeObject
  url: string
  project: string
  /** With its credentials, also inherited ones: never to be answered. */
  fields: RepositoryFields
  hasCredentials: boolean
  inheritsCredentials: boolean
}

export interface CredentialsRecord {
  secret: KubeObject
  /** Of all repositories of this host whose path begins like this. */
  url: string
  /** Whose repositories alone they are for; '' for those of all. */
  project: string
  fields: CredentialsFields
}

type Secrets = Pick<ControlPlane, 'secretsOfType'>

export const secretTypes = {
  repository: { read: 'repository', write: 'repository-write' },
  credentials: { read: 'repo-creds', write: 'repo-write-creds' },
} as const

export function repositoryRecords(controlPlane: Secrets, purpose: Purpose = 'read'): RepositoryRecord[] {
  const credentials = credentialsRecords(controlPlane, purpose)
  return controlPlane
    .secretsOfType(secretTypes.repository[purpose])
    .map((secret) => repositoryRecord(secret, readFields('repository', decodedSecret(secret)), credentials))
    .sort((one, other) => (`${one.project}/${one.url}` < `${other.project}/${other.url}` ? -1 : 1))
}

function repositoryRecord(
  secret: KubeObject,
  own: RepositoryFields,
  credentials: CredentialsRecord[],
): RepositoryRecord {
  const { repo: url = '', project = '' } = own
  const shared = hasCredentials(own) ? undefined : inheritedBy({ url, project }, credentials)
  const fields = shared ? withInherited(own, shared.fields) : own
  return {
    secret,
    url,
    project,
    fields,
    hasCredentials: hasCredentials(fields),
    inheritsCredentials: shared !== undefined,
  }
}

export function credentialsRecords(controlPlane: Secrets, purpose: Purpose = 'read'): CredentialsRecord[] {
  return controlPlane.secretsOfType(secretTypes.credentials[purpose]).map((secret) => {
    const data = decodedSecret(secret)
    const fields = readFields('credentials', data)
    return { secret, url: fields.url ?? '', project: data.project ?? '', fields }
  })
}

/** Those of the project come before those of all, and those of another project never count. */
export function inheritedBy(
  { url, project }: { url: string; project: string },
  records: CredentialsRecord[],
): CredentialsRecord | undefined {
  const of = (owner: string) => records.filter((record) => record.project === owner)
  return (project === '' ? undefined : credentialsFor(url, of(project))) ?? credentialsFor(url, of(''))
}

/** The longest prefix counts. */
function credentialsFor(url: string, records: CredentialsRecord[]): CredentialsRecord | undefined {
  const matching = records.flatMap((record) => {
    const length = coveredLength(record.url, url)
    return length === undefined ? [] : [{ record, length }]
  })
  return matching.sort((one, other) => other.length - one.length)[0]?.record
}
