/** Repositories: registering, changing and forgetting them, for reading sources and for pushing what was rendered. */

import { deepEqual } from 'fast-equals'
import { routes } from '../../contract/index.ts'
import { decodedSecret } from '../../live/index.ts'
import { messageOf, StageError } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'
import { audit } from '../audit/audit.ts'
import type { Call } from '../call.ts'
import { differentSpec } from '../different-spec.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { storedObjects } from '../stored-objects.ts'
import { withoutNulls } from '../without-nulls.ts'
import { type Connections, credentialsUnused, openConnections } from './connections.ts'
import { findRepository, repositoryQuestion } from './find-repository.ts'
import { givenFields, hasCredentials, type RepositoryFields, readFields, withInherited } from './repository-fields.ts'
import {
  credentialsFor,
  credentialsRecords,
  type Purpose,
  type RepositoryRecord,
  repositoryRecords,
} from './repository-records.ts'
import { repositoryPatch, repositorySecret } from './repository-secret.ts'
import { isSameRepository, shownUrl } from './repository-url.ts'
import { repositoryType, shownRepository } from './show-repository.ts'

export function repositoryHandlers(services: Services): Handler[] {
  const connections = openConnections(services.stages)
  return (['read', 'write'] as const).flatMap((purpose) => handlersFor(purpose, services, connections))
}

function handlersFor(purpose: Purpose, services: Services, connections: Connections): Handler[] {
  const { controlPlane, stages } = services
  const stored = storedObjects(services)
  const of = purpose === 'read' ? routes.repositories : routes.writeRepositories
  const records = () => repositoryRecords(controlPlane, purpose)
  const question = (
    of: { url: string; project?: string },
    action: Parameters<typeof repositoryQuestion>[1]['action'],
  ) => repositoryQuestion(of, { action, purpose })

  async function shown(record: RepositoryRecord, refresh = false) {
    return shownRepository(record, await connections.stateOf(record, { refresh }))
  }

  /** Refused when the repository cannot be read; what its credentials open cannot be tried yet. */
  async function probe(fields: RepositoryFields): Promise<void> {
    const { repo: url = '' } = fields
    const inherited = hasCredentials(fields)
      ? undefined
      : credentialsFor(url, credentialsRecords(controlPlane, purpose))
    const all = inherited ? withInherited(fields, inherited.fields) : fields
    if (hasCredentials(all) || fields.project) await stages.sources.check(url)
    else await connections.test({ url, fields: all, hasCredentials: false })
  }

  async function update(
    call: Caused,
    { secret: before, url }: RepositoryRecord,
    fields: RepositoryFields,
  ): Promise<void> {
    const after = await stored.change(before, (current) => repositoryPatch(current, { ...fields, repo: url }, purpose))
    await audit(
      call,
      { reason: 'ResourceUpdated', did: 'updated repository', object: shownUrl(url), before, after },
      services,
    )
  }

  return [
    handler(of.list, async (call) => {
      const visible = call.visible(records(), (record) => question(record, 'get'))
      const { forceRefresh, repo, appProject } = call.query
      const items = visible
        .filter(({ url }) => !repo || isSameRepository(url, repo))
        .filter(({ project }) => !appProject || project === appProject)
      return { metadata: {}, items: await Promise.all(items.map((record) => shown(record, forceRefresh))) }
    }),
    handler(of.get, async (call) => {
      const which = { ...call.query, repo: call.params.repo }
      const record = findRepository(call, which, { records: records(), action: 'get', purpose })
      return shown(record, call.query.forceRefresh)
    }),
    handler(of.create, async (call) => {
      const fields = readRepository(call.body)
      const { repo: url = '', project = '' } = fields
      call.require(question({ url, project }, 'create'))
      if (purpose === 'write' && !hasCredentials(fields)) {
        throw new ApiError('InvalidArgument', 'a repository that is to be written to needs credentials')
      }
      const existing = exactly(records(), { url, project })
      if (existing && isSame(existing, fields)) return brief(fields)
      if (existing && !call.query.upsert) throw differentSpec(purpose === 'read' ? 'repository' : 'write repository')
      if (existing) call.require(question(existing, 'update'))
      await probe(fields)
      if (existing) await update(call, existing, fields)
      else {
        const after = await stored.create(repositorySecret(fields, { purpose, namespace: controlPlane.namespace }))
        await audit(
          call,
          { reason: 'ResourceCreated', did: 'registered repository', object: shownUrl(url), after },
          services,
        )
      }
      return brief(fields)
    }),
    handler(of.update, async (call) => {
      const fields = readRepository({ ...call.body, repo: call.params.repo })
      const { repo: url = '', project = '' } = fields
      call.require(question({ url, project }, 'update'))
      const existing = exactly(records(), { url, project })
      if (!existing) throw new ApiError('NotFound', `there is no repository ${shownUrl(url)}`)
      await stages.sources.check(url)
      await update(call, existing, fields)
      return brief(fields)
    }),
    handler(of.delete, async (call) => {
      const which = { ...call.query, repo: call.params.repo }
      const { secret: before, url } = findRepository(call, which, { records: records(), action: 'delete', purpose })
      await stored.removeSecret(before)
      await audit(
        call,
        { reason: 'ResourceDeleted', did: 'deleted repository', object: shownUrl(url), before },
        services,
      )
      return {}
    }),
    handler(of.validate, async (call) => {
      const { repo: url } = call.params
      const { enableOci, insecureOciForceHttp, project = '', ...given } = call.query
      call.require(question({ url, project }, 'create'))
      const fields = givenFields('repository', {
        ...given,
        enableOCI: enableOci,
        insecureOCIForceHttp: insecureOciForceHttp,
      })
      await stages.sources.check(url)
      await connections.test({ url, fields, hasCredentials: hasCredentials(fields) }).catch((error: unknown) => {
        if (!hasCredentials(fields)) throw error
        const message = `${credentialsUnused}. Without them: ${messageOf(error)}`
        throw new StageError('source', message, { retry: false, cause: error })
      })
      return {}
    }),
  ]
}

type Caused = Pick<Call, 'caller' | 'address' | 'requestId' | 'route'>

/** Throws InvalidArgument. */
function readRepository(given: object): RepositoryFields {
  const fields = givenFields('repository', withoutNulls(given))
  if (!fields.repo) throw new ApiError('InvalidArgument', 'a repository needs repo: its address')
  if (!['git', 'helm', 'oci', undefined].includes(fields.type)) {
    throw new ApiError('InvalidArgument', `the type ${fields.type} of the repository is none of git, helm and oci`)
  }
  return fields
}

function exactly(
  records: RepositoryRecord[],
  { url, project }: { url: string; project: string },
): RepositoryRecord | undefined {
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
