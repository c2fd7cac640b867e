/** The Applications of one control namespace, read and changed straight on the cluster. */
import { userInfo } from 'node:os'
import type { ApiResource, KubeClient } from '../../kube/kube-client.ts'
import { type Application, annotation, type KubeObject, type Operation, sourcesOf } from '../../model/index.ts'
import { approval, cascades, isUnderWay, syncOperation, unpinned } from '../../operation/index.ts'
import { CommandError } from '../exit-code.ts'
import { type Applications, namePartsOf, type Selection } from './applications.ts'
import { objectsInCluster } from './objects-in-cluster.ts'
import { rollbackOf } from './rollback.ts'
import { waitFor } from './wait.ts'

const type = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application' }

export function applicationsInCluster(client: KubeClient, namespace: string): Applications {
  const target = (text: string) => ({ ...type, namespace, ...namePartsOf(text) })

  async function resource(): Promise<ApiResource> {
    const found = (await client.apiResources()).find(type.group, type.kind)
    if (found) return found
    throw new CommandError(
      `${client.server} has no Applications: install their definitions with "tiphys crds | kubectl apply -f -"`,
    )
  }

  async function find(name: string): Promise<Application | undefined> {
    await resource()
    return (await client.get(target(name))) as Application | undefined
  }

  async function get(name: string): Promise<Application> {
    const application = await find(name)
    if (!application) throw new CommandError(`there is no application ${name} in namespace ${namespace}`)
    return application
  }

  const merge = async (name: string, patch: object) =>
    (await client.patch(target(name), patch, { type: 'merge' })) as Application

  async function start(name: string, operation: Operation, more: object = {}): Promise<Application> {
    const application = await get(name)
    if (isUnderWay(application)) {
      throw new CommandError(
        `another operation of ${name} is under way: wait for it with "tiphys app wait ${name} --operation"`,
      )
    }
    if (sourcesOf(application.spec).length === 0) throw new CommandError(`${name} has no source to sync from`)
    return merge(name, { ...more, operation })
  }

  const applications: Applications = {
    where: `in namespace ${namespace}`,
    namespace,
    find,
    get,
    async list({ selector, projects }: Selection = {}) {
      const objects: KubeObject[] = []
      const options = { namespace, ...(selector && { labelSelector: selector }) }
      for await (const object of client.list(await resource(), options)) objects.push(object)
      return (objects as Application[])
        .filter(({ spec }) => !projects?.length || projects.includes(spec.project || 'default'))
        .sort((one, other) => one.metadata.name.localeCompare(other.metadata.name))
    },
    async create(application, { upsert } = {}) {
      const { name } = application.metadata
      const existing = await find(name)
      if (!existing) return (await client.create(application)) as Application
      if (upsert) return (await client.replace({ ...existing, spec: application.spec })) as Application
      throw new CommandError(`${name} exists already: use --upsert to change it`)
    },
    replace: async (application) => (await client.replace(application)) as Application,
    patch: async (name, patch, kind) => (await client.patch(target(name), patch, { type: kind })) as Application,
    async refresh(name, kind) {
      await get(name)
      await merge(name, { metadata: { annotations: { [annotation.refresh]: kind } } })
      const looked = ({ metadata }: Application) => metadata.annotations?.[annotation.refresh] === undefined
      return waitFor(applications, name, looked, { timeout: 60 })
    },
    sync: async (name, request) => {
      const { spec } = await get(name)
      return start(name, syncOperation(spec, request, userInfo().username))
    },
    async rollback(name, choice) {
      const { operation, pin } = rollbackOf(await get(name), choice, { username: userInfo().username, now: new Date() })
      if (!pin) return { application: await start(name, operation) }
      await untilIdle(name, pin.patch)
      return { application: await merge(name, { ...pin.patch, operation }), pinnedTo: pin.id }
    },
    async unpin(name) {
      await merge(name, unpinned)
    },
    async terminate(name) {
      const { operation, status } = await get(name)
      const phase = status?.operationState?.phase
      if (phase === 'Running' || phase === 'Terminating') {
        await merge(name, { status: { operationState: { phase: 'Terminating' } } })
      } else if (operation) await merge(name, { operation: null })
      else throw new CommandError(`no operation of ${name} is under way`)
    },
    async delete({ metadata }, propagation) {
      const { name, deletionTimestamp } = metadata
      if (!deletionTimestamp || propagation === 'orphan') {
        const wanted = propagation === 'foreground' ? 'default' : propagation
        await merge(name, { metadata: { finalizers: cascades(metadata.finalizers, wanted) } })
      }
      if (!deletionTimestamp) await client.delete(target(name))
    },
    async confirmDeletion(name) {
      await get(name)
      await merge(name, approval(new Date()))
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
    objects: objectsInCluster(client, namespace),
  }

  /** A pin does not wait for what is under way: an automated sync is given up for it, another one comes to its end first. */
  async function untilIdle(name: string, pin: object): Promise<void> {
    if (!isUnderWay(await get(name))) return
    await merge(name, pin)
    await waitFor(applications, name, (application) => !isUnderWay(application), { timeout: 0 })
  }

  return applications
}
