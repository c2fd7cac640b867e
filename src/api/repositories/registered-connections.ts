/** How each repository is reached for each project, as the Secrets and ConfigMaps say now. */
import { LRUCache } from 'lru-cache'
import type { ControlPlane } from '../../live/index.ts'
import { type FoundConnection, hasProof, type RepositoryConnection, withoutProof } from '../../model/index.ts'
import type { GlobalProjectRule } from '../../project/index.ts'
import { connectionOf } from './connection-of.ts'
import { hostOf } from './credentials-prefix.ts'
import { sharedCredentialsRefusal } from './permitted-source.ts'
import { withPublishedKeys } from './published-host-keys.ts'
import { withInherited } from './repository-fields.ts'
import { credentialsRecords, inheritedBy, repositoryRecords } from './repository-records.ts'
import { isSameRepository } from './repository-url.ts'

export interface RegisteredConnections {
  find(repoURL: string, project: string): FoundConnection
  /**
   * For what a source of the project refers to elsewhere. Its manifests are whoever may push to it, and nobody has looked
   * at the address: credentials of all are for what the project permits alone.
   */
  findReferred(repoURL: string, project: string): FoundConnection
  /** Whether a repository or credentials of this host are registered, for the project or for all. */
  hasHost(host: string, project: string): boolean
  /** With whom to trust, and without credentials: for some that are only tried. */
  trusting(repoURL: string, connection: RepositoryConnection): RepositoryConnection
  authoritiesOf(url: string): string | undefined
  /** A Secret has changed; true when repositories are reached in another way since. */
  secretChanged(name: string): boolean
  /** The ConfigMaps of whom to trust have changed. */
  trustChanged(): void
}

type Records = Pick<ControlPlane, 'settings' | 'secretsOfType' | 'project'>

export function openRegisteredConnections(
  controlPlane: Records,
  { globalProjects }: { globalProjects(): GlobalProjectRule[] },
): RegisteredConnections {
  const known = new LRUCache<string, FoundConnection>({ max: 5000 })
  let records: ReturnType<typeof read> | undefined
  let names = secretNames()

  function secretNames(): Set<string> {
    const secrets = [...controlPlane.secretsOfType('repository'), ...controlPlane.secretsOfType('repo-creds')]
    return new Set(secrets.map(({ metadata }) => metadata.name))
  }

  function read() {
    return { repositories: repositoryRecords(controlPlane), credentials: credentialsRecords(controlPlane) }
  }

  function forget(): void {
    known.clear()
    records = undefined
  }

  function lookUp(repoURL: string, project: string): FoundConnection {
    records ??= read()
    const named = records.repositories.filter(({ url }) => isSameRepository(url, repoURL))
    const own = project === '' ? undefined : named.find((record) => record.project === project)
    const registered = own ?? named.find((record) => record.project === '')
    if (registered) {
      const connection = connectionOf(registered.fields)
      return { connection: trusting(repoURL, connection), scope: scopeOf(registered) }
    }
    const shared = inheritedBy({ url: repoURL, project }, records.credentials)
    if (!shared) return { connection: trusting(repoURL, {}), scope: ofNobody }
    const fields = withInherited({ repo: repoURL }, shared.fields)
    return { connection: trusting(repoURL, connectionOf(fields)), scope: scopeOf(shared) }
  }

  function find(repoURL: string, project: string): FoundConnection {
    const key = `${project}\n${repoURL}`
    const found = known.get(key) ?? lookUp(repoURL, project)
    known.set(key, found)
    return found
  }

  function findReferred(repoURL: string, project: string): FoundConnection {
    const found = find(repoURL, project)
    if (found.scope !== ofAll) return found
    const withheld = sharedCredentialsRefusal(repoURL, project || 'default', { controlPlane, rules: globalProjects() })
    if (withheld === undefined) return found
    const connection = withoutProof(found.connection)
    return { connection, scope: ofNobody, ...(hasProof(found.connection) && { withheld }) }
  }

  function hasHost(host: string, project: string): boolean {
    records ??= read()
    const all = [...records.repositories, ...records.credentials]
    return all.some((one) => (one.project === '' || one.project === project) && hostOf(one.url) === host)
  }

  function trusting(repoURL: string, connection: RepositoryConnection): RepositoryConnection {
    const authorities = authoritiesOf(repoURL)
    const knownHosts = withPublishedKeys(controlPlane.settings('argocd-ssh-known-hosts-cm').ssh_known_hosts ?? '')
    return { ...connection, knownHosts, ...(authorities && { authorities }) }
  }

  function authoritiesOf(url: string): string | undefined {
    return controlPlane.settings('argocd-tls-certs-cm')[certificateHost(url)]?.trim() || undefined
  }

  return {
    authoritiesOf,
    find,
    findReferred,
    hasHost,
    trusting,
    secretChanged(name) {
      const before = names
      names = secretNames()
      if (!before.has(name) && !names.has(name)) return false
      forget()
      return true
    },
    trustChanged: forget,
  }
}

const ofAll = 'all projects'
const ofNobody = 'nobody'

/** Copies are shared by those who may use the same credentials. */
function scopeOf({ project }: { project: string }): string {
  return project === '' ? ofAll : `project ${project}`
}

/** Under this, the certificates of a host are kept: its name without a port. */
function certificateHost(repoURL: string): string {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(repoURL) ? repoURL : `oci://${repoURL}`
  const [, host = ''] = /^[^:]+:\/\/(?:[^/?#]*@)?(\[[^\]]+\]|[^/:?#]+)/i.exec(address) ?? []
  return host.replace(/^\[|\]$/g, '').toLowerCase()
}
