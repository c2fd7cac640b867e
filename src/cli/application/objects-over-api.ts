/** The objects of applications through the API. */
import { type ApiClient, routes } from '../../contract/index.ts'
import { type Application, type KubeObject, keyOf, parseJson, versionOf } from '../../model/index.ts'
import { type ApplicationObjects, isChosen, type ObjectChoice } from './application-objects.ts'
import { resourcesOf } from './applications.ts'

const { applications: app, applicationResources, applicationStreams } = routes

export function objectsOverApi(api: ApiClient): ApplicationObjects {
  return {
    async find(application, choice) {
      const keys = await chosenKeys(api, application, choice)
      const read = keys.map(async ({ group, version, kind, namespace, name }) => {
        const query = { ...homeOf(application), group, version, kind, namespace, resourceName: name }
        const { manifest } = await api.call(applicationResources.get, { params: nameOf(application), query })
        return parseJson(manifest) as KubeObject
      })
      return Promise.all(read)
    },
    async patch(application, object, { text, type }) {
      const query = { ...objectQuery(application, object), patchType: `application/${mediaTypes[type]}` }
      const answer = await api.call(app.patchResource, { params: nameOf(application), query, body: text })
      return parseJson(answer.manifest) as KubeObject
    },
    async delete(application, object, how) {
      await api.call(app.deleteResource, {
        params: nameOf(application),
        query: { ...objectQuery(application, object), ...how },
      })
    },
    actions: (application, objects) =>
      Promise.all(
        objects.map(async (object) => {
          const query = objectQuery(application, object)
          const { actions } = await api.call(app.listActions, { params: nameOf(application), query })
          return { object, actions: actions.map((action) => ({ ...action, disabled: action.disabled === true })) }
        }),
      ),
    async runAction(application, object, { name, parameters = {} }) {
      const given = Object.entries(parameters).map(([parameter, value]) => ({ name: parameter, value }))
      const { name: _, ...query } = { name: '', ...objectQuery(application, object) }
      const body = { ...query, action: name, ...(given.length > 0 && { resourceActionParameters: given }) }
      await api.call(app.runActionWithParameters, { params: nameOf(application), body })
      return undefined
    },
    async *logs(application, { name, ...choice }, signal) {
      const query = { ...homeOf(application), ...choice, ...(name !== undefined && { resourceName: name }) }
      const params = nameOf(application)
      for await (const entry of api.stream(applicationStreams.logs, { params, query, signal })) {
        if (!entry.last) yield { pod: entry.podName, text: entry.content }
      }
    },
  }
}

const mediaTypes = { merge: 'merge-patch+json', json: 'json-patch+json', strategic: 'strategic-merge-patch+json' }

const nameOf = ({ metadata }: Application) => ({ name: metadata.name })

function homeOf({ metadata, spec }: Application) {
  return { appNamespace: metadata.namespace ?? '', project: spec.project || 'default' }
}

function objectQuery(application: Application, object: KubeObject) {
  const { name, ...key } = keyOf(object)
  return { ...homeOf(application), ...key, version: versionOf(object.apiVersion), resourceName: name }
}

/** Those that it manages and, where a kind is chosen of which it manages none, those of its tree. */
async function chosenKeys(api: ApiClient, application: Application, choice: ObjectChoice) {
  const managed = resourcesOf(application).filter((key) => isChosen(key, choice))
  if (managed.length > 0 || choice.kind === undefined) return managed
  const params = { applicationName: application.metadata.name }
  const tree = await api.call(applicationResources.tree, { params, query: homeOf(application) })
  return [...tree.nodes, ...tree.orphanedNodes]
    .map(({ group = '', version = '', kind = '', namespace = '', name = '' }) => ({
      group,
      version,
      kind,
      namespace,
      name,
    }))
    .filter((key) => isChosen(key, choice))
}
