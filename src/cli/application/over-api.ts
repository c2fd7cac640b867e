/** Applications through the API: what may be done is the server's to say, and what is done is on its record. */
import { ApiFailure } from '../../contract/client.ts'
import { type ApiClient, routes } from '../../contract/index.ts'
import { type Application, pinnedId } from '../../model/index.ts'
import { CommandError } from '../exit-code.ts'
import { type Applications, namePartsOf, type Selection } from './applications.ts'
import { objectsOverApi } from './objects-over-api.ts'

const { applications: app } = routes

export function applicationsOverApi(api: ApiClient, appNamespace: string | undefined): Applications {
  const home = (text: string) => {
    const { name, namespace = appNamespace } = namePartsOf(text)
    return { params: { name }, query: namespace ? { appNamespace: namespace } : {} }
  }

  async function list({ selector, projects }: Selection = {}): Promise<Application[]> {
    const where = appNamespace ? { appNamespace } : {}
    const query = { ...where, ...(selector && { selector }), ...(projects?.length && { projects }) }
    const { items } = await api.call(app.list, { query })
    return items.sort((one, other) => one.metadata.name.localeCompare(other.metadata.name))
  }

  async function find(text: string): Promise<Application | undefined> {
    const { name, namespace = appNamespace } = namePartsOf(text)
    const { items } = await api.call(app.list, { query: { name, ...(namespace && { appNamespace: namespace }) } })
    return items[0]
  }

  const bodyHome = (text: string) => {
    const { params, query } = home(text)
    return { params, place: query }
  }

  return {
    where: appNamespace ? `in namespace ${appNamespace}` : 'that you may see',
    namespace: appNamespace,
    list,
    find,
    get: (name) => api.call(app.get, home(name)),
    async create(application, { upsert, validate } = {}) {
      try {
        const query = { ...(upsert && { upsert }), ...(validate === false && { validate }) }
        return await api.call(app.create, { body: application, query })
      } catch (error) {
        if (!(error instanceof ApiFailure) || !/use upsert/.test(error.message)) throw error
        throw new CommandError(`${application.metadata.name} exists already: use --upsert to change it`)
      }
    },
    replace: (application, { validate } = {}) =>
      api.call(app.update, {
        params: { name: application.metadata.name },
        query: validate === false ? { validate } : {},
        body: application,
      }),
    async patch(name, patch, patchType) {
      const { params, place } = bodyHome(name)
      return api.call(app.patch, { params, body: { ...place, ...params, patch: JSON.stringify(patch), patchType } })
    },
    refresh(name, kind) {
      const { params, query } = home(name)
      return api.call(app.get, { params, query: { ...query, refresh: kind } })
    },
    async sync(name, { syncStrategy, syncOptions, retry, info, revisions, ...request }) {
      const { params, place } = bodyHome(name)
      const positions = revisions?.map((_, index) => index + 1)
      return api.call(app.sync, {
        params,
        body: {
          ...place,
          ...request,
          ...(syncStrategy && { strategy: syncStrategy }),
          ...(syncOptions && { syncOptions: { items: syncOptions } }),
          ...(retry && { retryStrategy: retry }),
          ...(info && { infos: info }),
          ...(revisions && positions && { revisions, sourcePositions: positions }),
        },
      })
    },
    async rollback(name, choice) {
      const { params, place } = bodyHome(name)
      const application = await api.call(app.rollback, { params, body: { ...place, ...choice } })
      const id = choice.dryRun ? undefined : pinnedId(application)
      return { application, ...(id !== undefined && { pinnedTo: id }) }
    },
    async unpin(name) {
      await api.call(app.unpin, home(name))
    },
    async terminate(name) {
      await api.call(app.terminateOperation, home(name))
    },
    async delete({ metadata, spec }, propagation) {
      const { params, query } = home(metadata.name)
      const how = propagation === 'orphan' ? { cascade: false } : { propagationPolicy: propagation }
      // With the project it answers "not found" where it would otherwise be "permission denied".
      await api.call(app.delete, { params, query: { ...query, ...how, project: spec.project || 'default' } })
    },
    async confirmDeletion(name) {
      await api.call(app.confirmDeletion, home(name))
    },
    // Events of what is gone are not told by the API.
    warnings: async () => [],
    objects: objectsOverApi(api),
  }
}
