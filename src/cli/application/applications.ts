/** The Applications of one control namespace, as the commands read and change them. */
import type { ApiResource, KubeClient } from '../../kube/kube-client.ts'
import type { Application, KubeObject } from '../../model/index.ts'
import { CommandError } from '../exit-code.ts'

const type = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application' }

export interface Applications {
  namespace: string
  list(labelSelector?: string): Promise<Application[]>
  get(name: string): Promise<Application>
  find(name: string): Promise<Application | undefined>
  create(application: Application): Promise<Application>
  replace(application: Application): Promise<Application>
  /** A JSON merge patch. */
  patch(name: string, patch: object): Promise<Application>
  delete(name: string): Promise<void>
  /** Messages of the Events about an application, also of one that is gone. */
  warnings(application: Application, reason: string): Promise<string[]>
}

export function applicationsOf(client: KubeClient, namespace: string): Applications {
  const target = (name: string) => ({ ...type, namespace, name })

  async function resource(): Promise<ApiResource> {
    const found = (await client.apiResources()).find(type.group, type.kind)
    if (!found) {
      throw new CommandError(
        `${client.server} has no Applications: install their definitions with "tiphys crds | kubectl apply -f -"`,
      )
    }
    return found
  }

  async function find(name: string): Promise<Application | undefined> {
    await resource()
    return (await client.get(target(name))) as Application | undefined
  }

  return {
    namespace,
    find,
    async list(labelSelector) {
      const objects: KubeObject[] = []
      for await (const object of client.list(await resource(), {
        namespace,
        ...(labelSelector && { labelSelector }),
      })) {
        objects.push(object)
      }
      return (objects as Application[]).sort((one, other) => one.metadata.name.localeCompare(other.metadata.name))
    },
    async get(name) {
      const application = await find(name)
      if (!application) throw new CommandError(`there is no application ${name} in namespace ${namespace}`)
      return application
    },
    create: async (application) => (await client.create(application)) as Application,
    replace: async (application) => (await client.replace(application)) as Application,
    patch: async (name, patch) => (await client.patch(target(name), patch, { type: 'merge' })) as Application,
    async delete(name) {
      await client.delete(target(name))
    },
    async warnings({ metadata }, reason) {
      const events = (await client.apiResources()).find('', 'Event')
      const messages: string[] = []
      const fieldSelector = `involvedObject.uid=${metadata.uid},reason=${reason}`
      for await (const event of events ? client.list(events, { namespace, fieldSelector }) : []) {
        messages.push(`${metadata.name} was ${String(event.message)}`)
      }
      return messages
    },
  }
}
