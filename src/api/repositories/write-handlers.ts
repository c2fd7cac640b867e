/** Repositories: registering, changing and forgetting them, for reading sources and for pushing what was rendered. */
import { deepEqual } from 'fast-equals'
import { type Action, routes } from '../../contract/index.ts'
import { decodedSecret } from '../../live/index.ts'
import { ApiError } from '../api-error.ts'
import { audit } from '../audit/audit.ts'
import type { Call } from '../call.ts'
import { differentSpec } from '../different-spec.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { storedObjects } from '../stored-objects.ts'
import { withoutNulls } from '../without-nulls.ts'
import { openConnections } from './connections.ts'
import { findRepository, repositoryQuestion } from './find-repository.ts'
import { givenFields, hasCredentials, type RepositoryFields, readFields, withInherited } from './repository-fields.ts'
import {
  credentialsRecords,
  inheritedBy,
  type Purpose,
  type RepositoryRecord,
  repositoryRecords,
} from './repository-records.ts'
import { repositoryPatch, repositorySecret } from './repository-secret.ts'
import { isSameRepository, shownUrl } from './repository-url.ts'
import { repositoryType } from './show-repository.ts'

type Caused = Pick<Call, 'caller' | 'address' | 'requestId' | 'route'>

export function repositoryWriteHandlers(services: Services): Handler[] {
  return (['read', 'write'] as const).flatMap((purpose) => handlersFor(purpose, services))
}

function handlersFor(purpose: Purpose, services: Services): Handler[] {
  const { controlPlane, stages } = services
  const stored = storedObjects(services)
  const connections = openConnections(services)
  const of = purpose === 'read' ? routes.repositories : routes.writeRepositories
  const records = () => repositoryRecords(controlPlane, purpose)
  const question = (repository: { url: string; project: string }, action: Action) =>
    repositoryQuestion(repository, { action, purpose })

  /** Refused when the repository cannot be read with its credentials, or with those that it inherits. */
  async function probe(fields: RepositoryFields): Promise<void> {
    const { repo: url = '', project = '' } = fields
    const records = credentialsRecords(controlPlane, purpose)
    const shared = hasCredentials(fields) ? undefined : inheritedBy({ url, project }, records)
    const all = shared ? withInherited(fields, shared.fields) : fields
    await connections.test({ url, fields: all })
  }

  async function create(call: Caused, fields: RepositoryFields): Promise<void> {
    const after = await stored.create(repositorySecret(fields, { purpose, namespace: controlPlane.namespace }))
    const object = shownUrl(fields.repo ?? '')
    await audit(call, { reason: 'ResourceCreated', did: 'registered repository', object, after }, services)
  }

  async function update(call: Caused, { secret: before, url }: RepositoryRecord, fields: RepositoryFields) {
    const after = await stored.change(before, (current) => repositoryPatch(current, { ...fields, repo: url }, purpose))
    const object = shownUrl(url)
    await audit(call, { reason: 'ResourceUpdated', did: 'updated repository', object, before, after }, services)
  }

  return [
    handler(of.create, async (call) => {
      const fields = readRepository(call.body)
      const named = { url: fields.repo ?? '', project: fields.project ?? '' }
      call.require(question(named, 'create'))
      if (purpose === 'write' && !hasCredentials(fields)) {
        throw new ApiError('InvalidArgument', 'a repository that is to be written to needs credentials')
      }
      const existing = exactly(records(), named)
      if (existing && isSame(existing, fields)) return brief(fields)
      if (existing && !call.query.upsert) throw differentSpec(purpose === 'read' ? 'repository' : 'write repository')
      if (existing) call.require(question(existing, 'update'))
      await probe(fields)
      await (existing ? update(call, existing, fields) : create(call, fields))
      return brief(fields)
    }),
    handler(of.update, async (call) => {
      const fields = readRepository({ ...call.body, repo: call.params.repo })
      const named = { url: call.params.repo, project: fields.project ?? '' }
      call.require(question(named, 'update'))
      const existing = exactly(records(), named)
      if (!existing) throw new ApiError('NotFound', `there is no repository ${shownUrl(named.url)}`)
      await stages.sources.check(named.url)
      await update(call, existing, fields)
      return brief(fields)
    }),
    handler(of.delete, async (call) => {
      const which = { ...call.query, repo: call.params.repo }
      const { secret: before, url } = findRepository(call, which, { records: records(), action: 'delete', purpose })
      await stored.removeSecret(before)
      const object = shownUrl(url)
      await audit(call, { reason: 'ResourceDeleted', did: 'deleted repository', object, before }, services)
      return {}
    }),
  ]
}

/** Throws InvalidArgument. */
function readRepository(given: object): RepositoryFields {
  const fields = givenFields('repository', withoutNulls(given))
  if (!fields.repo) throw new ApiError('InvalidArgument', 'a repository needs repo: its address')
  if (!['git', 'helm', 'oci', undefined].includes(fields.type)) {
    throw new ApiError('InvalidArgument', `the type ${fields.type} of the repository is none of git, helm and oci`)
  }
  return fields
}

type Named = { url: string; project: string }

function exactly(records: RepositoryRecord[], { url, project }: Named): RepositoryRecord | undefined {
  return records.find((record) => record.project === project && isSameRepository(record.url, url))
}

function isSame({ secret }: RepositoryRecord, wanted: RepositoryFields): boolean {
  const own = readFields('repository', decodedSecret(secret))
  const typed = (fields: RepositoryFields) => ({ ...fields, type: repositoryType(fields.repo ?? '', fields.type) })
  return deepEqual(givenFields('repository', typed(own)), givenFields('repository', typed(wanted)))
}

/** All that is answered to a change, as in Argo CD. */
function brief({ repo = '', type, name }: RepositoryFields) {
  return { repo: shownUrl(repo), type: repositoryType(repo, type), ...(name && { name }) }
}
