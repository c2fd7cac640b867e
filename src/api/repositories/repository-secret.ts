/** The Secrets of repositories and of credentials, in Argo CD's format. Pure. */
import type { KubeObject } from '../../model/index.ts'
import { markedMetadata } from '../secret-fields.ts'
import { repositorySecretName } from '../secret-name.ts'
import { type CredentialsFields, type RepositoryFields, secretData } from './repository-fields.ts'
import { type Purpose, secretTypes } from './repository-records.ts'

interface Place {
  purpose: Purpose
  namespace: string
}

export function repositorySecret(fields: RepositoryFields, { purpose, namespace }: Place): KubeObject {
  const prefix = purpose === 'read' ? 'repo' : 'repo-write'
  const name = repositorySecretName(prefix, fields.repo ?? '', fields.project)
  return secret(
    { name, namespace, ...markedMetadata(secretTypes.repository[purpose]) },
    secretData('repository', fields),
  )
}

export function credentialsSecret(fields: CredentialsFields, { purpose, namespace }: Place): KubeObject {
  const name = repositorySecretName(purpose === 'read' ? 'creds' : 'creds-write', fields.url ?? '')
  return secret(
    { name, namespace, ...markedMetadata(secretTypes.credentials[purpose]) },
    secretData('credentials', fields),
  )
}

function secret(metadata: KubeObject['metadata'], data: Record<string, string>): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata, data }
}

/** A merge patch of the Secret that is there. It belongs to Tiphys from now on, as in Argo CD. */
export function repositoryPatch(current: KubeObject, fields: RepositoryFields, purpose: Purpose): object {
  const data = secretData('repository', fields, current)
  return { metadata: markedMetadata(secretTypes.repository[purpose]), data }
}

export function credentialsPatch(current: KubeObject, fields: CredentialsFields, purpose: Purpose): object {
  const data = secretData('credentials', fields, current)
  return { metadata: markedMetadata(secretTypes.credentials[purpose]), data }
}
