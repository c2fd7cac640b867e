/** The objects that steer Tiphys itself: Applications, AppProjects and argocd-cm of the control namespace. */
import { type Clock, systemClock } from '../kube/clock.ts'
import { type Informer, type InformerState, inform } from '../kube/informer.ts'
import type { ApiResource, KubeClient } from '../kube/kube-client.ts'
import type { Stored } from '../kube/object-store.ts'
import { type Application, type AppProject, type KubeObject, StageError } from '../model/index.ts'
import { isOurs } from './own-write.ts'

/** What changed, by the name of the object. */
export type ControlPlaneChange =
  | { kind: 'application'; name: string }
  | { kind: 'project'; name: string }
  | { kind: 'settings' }

export interface ControlPlaneOptions {
  client: KubeClient
  namespace: string
  onChange(change: ControlPlaneChange): void
  clock?: Clock
}

export interface ControlPlane {
  readonly namespace: string
  applications(): Application[]
  application(name: string): Application | undefined
  project(name: string): AppProject | undefined
  /** A value of argocd-cm. */
  setting(key: string): string | undefined
  /** All of argocd-cm. */
  settings(): Record<string, string>
  /** A JSON merge patch; the answer is what `application` gives from then on. `onChange` tells only what others wrote. */
  patch(name: string, patch: object): Promise<Application>
  createProject(project: AppProject): Promise<void>
  record(event: KubeObject): Promise<void>
  /** Resolves when everything has been listed once. */
  ready(signal?: AbortSignal): Promise<void>
  /** What is failing, such as a watch that the server refuses. */
  problems(): string[]
  close(): Promise<void>
}

interface Kept extends Stored {
  object: KubeObject
}

const settingsName = 'argocd-cm'
const target = { group: 'argoproj.io', version: 'v1alpha1' }

export async function openControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { client, namespace, onChange, clock = systemClock } = options
  const resources = await client.apiResources()

  function follow(group: string, kind: string, changed: (name: string) => void): Informer<Kept> {
    const resource = resources.find(group, kind) ?? missing(group, kind, client.server)
    return inform<Kept>({
      client,
      resource,
      namespace,
      clock,
      keep: ({ ...object }) => {
        const { managedFields: _managedFields, ...metadata } = object.metadata
        const { uid = '', resourceVersion = '' } = metadata
        // managedFields of an Application with a long status are larger than the rest of it.
        return { uid, resourceVersion, object: { ...object, metadata } }
      },
      onChange: ({ previous, current }) => changed((current ?? previous)?.object.metadata.name ?? ''),
    })
  }

  /** The answer to a patch of ours that is being taken in, when it shows nothing new. */
  let ours: KubeObject | undefined
  const applications = follow('argoproj.io', 'Application', (name) => {
    if (ours?.metadata.name !== name) onChange({ kind: 'application', name })
  })
  const projects = follow('argoproj.io', 'AppProject', (name) => onChange({ kind: 'project', name }))
  const settings = follow('', 'ConfigMap', (name) => {
    if (name === settingsName) onChange({ kind: 'settings' })
  })
  const informers = [applications, projects, settings]
  const find = (informer: Informer<Kept>, name: string) => informer.items.get(`${namespace}/${name}`)?.object

  const all = () => (find(settings, settingsName)?.data ?? {}) as Record<string, string>

  return {
    namespace,
    applications: () => [...applications.items.values()].map((item) => item.object as Application),
    application: (name) => find(applications, name) as Application | undefined,
    project: (name) => find(projects, name) as AppProject | undefined,
    setting: (key) => all()[key],
    settings: all,
    async patch(name, patch) {
      const before = find(applications, name)
      const answer = await client.patch({ ...target, kind: 'Application', namespace, name }, patch, { type: 'merge' })
      // Another write may have come first, and its own event then tells nothing new.
      ours = before && isOurs(before, patch, answer) ? answer : undefined
      applications.put(answer)
      ours = undefined
      return answer as Application
    },
    async createProject(project) {
      projects.put(await client.create(project))
    },
    async record(event) {
      await client.create(event)
    },
    async ready(signal) {
      while (informers.some((informer) => informer.state().status === 'syncing')) await clock.sleep(20, signal)
    },
    problems: () => informers.flatMap((informer) => problemOf(informer.resource, informer.state())),
    async close() {
      await Promise.all(informers.map((informer) => informer.stop()))
    },
  }
}

function problemOf(resource: ApiResource, state: InformerState): string[] {
  return state.status === 'failing' ? [`${resource.kind}: ${state.message}`] : []
}

function missing(group: string, kind: string, server: string): never {
  throw new StageError(
    'live',
    `${server} does not know ${kind}.${group}: run "tiphys crds | kubectl apply -f -" first`,
    {
      retry: true,
    },
  )
}
