/** Repositories: which there are, and whether they can be read. */
import { type Action, routes } from '../../contract/index.ts'
import { deadlineIn } from '../../process/deadline.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { withoutNulls } from '../without-nulls.ts'
import { type Connections, openConnections } from './connections.ts'
import { findRepository, repositoryQuestion } from './find-repository.ts'
import { givenFields } from './repository-fields.ts'
import { type Purpose, type RepositoryRecord, repositoryRecords } from './repository-records.ts'
import { isSameRepository } from './repository-url.ts'
import { shownRepository } from './show-repository.ts'

/** A list is answered by then, with what is known. */
const patienceMs = 3_000

export function repositoryReadHandlers(services: Services): Handler[] {
  const connections = openConnections(services)
  return (['read', 'write'] as const).flatMap((purpose) => handlersFor(purpose, services, connections))
}

function handlersFor(purpose: Purpose, { controlPlane }: Services, connections: Connections): Handler[] {
  const of = purpose === 'read' ? routes.repositories : routes.writeRepositories
  const records = () => repositoryRecords(controlPlane, purpose)
  const question = (repository: { url: string; project: string }, action: Action) =>
    repositoryQuestion(repository, { action, purpose })

  async function listed(wanted: RepositoryRecord[], refresh = false) {
    const patience = deadlineIn(patienceMs)
    const over = new Promise<void>((resolve) => patience.signal.addEventListener('abort', () => resolve()))
    try {
      return await Promise.all(
        wanted.map(async (record) => shownRepository(record, await connections.stateBy(over, record, { refresh }))),
      )
    } finally {
      patience.clear()
    }
  }

  return [
    handler(of.list, async (call) => {
      const visible = call.visible(records(), (record) => question(record, 'get'))
      const { forceRefresh, repo, appProject } = call.query
      const wanted = visible
        .filter(({ url }) => !repo || isSameRepository(url, repo))
        .filter(({ project }) => !appProject || project === appProject)
      return { metadata: {}, items: await listed(wanted, forceRefresh) }
    }),
    handler(of.get, async (call) => {
      const which = { ...call.query, repo: call.params.repo }
      const record = findRepository(call, which, { records: records(), action: 'get', purpose })
      const refresh = call.query.forceRefresh ?? false
      return shownRepository(record, await connections.stateOf(record, { refresh }))
    }),
    handler(of.validate, async (call) => {
      const { repo: url } = call.params
      const { enableOci, insecureOciForceHttp, project = '', ...given } = call.query
      call.require(question({ url, project }, 'create'))
      // What is secret does better in the body than in an address, which is logged on the way.
      const sent = {
        ...given,
        enableOCI: enableOci,
        insecureOCIForceHttp: insecureOciForceHttp,
        ...bodyFields(call.body),
      }
      await connections.test({ url, fields: givenFields('repository', sent) })
      return {}
    }),
  ]
}

/** Argo CD's clients send the address, which the path says already. */
function bodyFields(body: unknown): object {
  return typeof body === 'object' && body !== null ? withoutNulls(body) : {}
}
