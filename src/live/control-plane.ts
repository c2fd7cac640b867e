/** The objects that steer Tiphys itself: Applications, AppProjects and the settings of the control namespace. */
import { type Clock, systemClock } from '../kube/clock.ts'
import { type Informer, type InformerState, inform } from '../kube/informer.ts'
import type { ApiResource, KubeClient } from '../kube/kube-client.ts'
import type { Stored } from '../kube/object-store.ts'
import { type Application, type AppProject, instanceName, type KubeObject, StageError } from '../model/index.ts'
import { isOurs } from './own-write.ts'

/** What changed, by the name of the object; an application as `application()` knows it. */
export type ControlPlaneChange =
  | { kind: 'application'; name: string }
  | { kind: 'project'; name: string }
  | { kind: 'settings' }

export interface ControlPlaneOptions {
  client: KubeClient
  namespace: string
  onChange(change: ControlPlaneChange): void
  /** Whether one of the entries of `application.namespaces` means the namespace; without it they are plain names. */
  matchesNamespace?: (patterns: string[], namespace: string) => boolean
  clock?: Clock
}

export interface ControlPlane {
  readonly namespace: string
  /** Also those of other namespaces, as far as `application.namespaces` of argocd-cmd-params-cm names them. */
  applications(): Application[]
  /** By the name that tracking uses: `name`, or `namespace_name` outside of the control namespace. */
  application(instance: string): Application | undefined
  project(name: string): AppProject | undefined
  /** A value of argocd-cm. */
  setting(key: string): string | undefined
  /** All values of argocd-cm, or of another ConfigMap of settings. */
  settings(name?: SettingsName): Record<string, string>
  /** A JSON merge patch; the answer is what `application` gives from then on. `onChange` tells only what others wrote. */
  patch(instance: string, patch: object): Promise<Application>
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

const settingsNames = ['argocd-cm', 'argocd-cmd-params-cm', 'argocd-gpg-keys-cm'] as const
type SettingsName = (typeof settingsNames)[number]

const target = { group: 'argoproj.io', version: 'v1alpha1' }

export async function openControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { client, namespace, onChange, clock = systemClock } = options
  const { matchesNamespace = (names, one) => names.includes(one) } = options
  const resources = await client.apiResources()

  function follow(
    [group, kind]: [group: string, kind: string],
    changed: (object: KubeObject) => void,
    scope: string | undefined = namespace,
  ): Informer<Kept> {
    const resource = resources.find(group, kind) ?? missing(group, kind, client.server)
    return inform<Kept>({
      client,
      resource,
      ...(scope && { namespace: scope }),
      clock,
      keep: ({ ...object }) => {
        const { managedFields: _managedFields, ...metadata } = object.metadata
        const { uid = '', resourceVersion = '' } = metadata
        // managedFields of an Application with a long status are larger than the rest of it.
        return { uid, resourceVersion, object: { ...object, metadata } }
      },
      onChange({ previous, current }) {
        const object = (current ?? previous)?.object
        if (object) changed(object)
      },
    })
  }

  /** The answer to a patch of ours that is being taken in, when it shows nothing new. */
  let ours: KubeObject | undefined
  const applications = follow(['argoproj.io', 'Application'], onApplication)
  const projects = follow(['argoproj.io', 'AppProject'], ({ metadata }) =>
    onChange({ kind: 'project', name: metadata.name }),
  )
  const maps = follow(['', 'ConfigMap'], ({ metadata }) => {
    if (!settingsNames.some((name) => name === metadata.name)) return
    followOthers()
    onChange({ kind: 'settings' })
  })
  /** Of the Applications in other namespaces; the one of '' follows all. */
  const others = new Map<string, Informer<Kept>>()
  const informers = () => [applications, projects, maps, ...others.values()]
  const find = (informer: Informer<Kept>, name: string) => informer.items.get(`${namespace}/${name}`)?.object
  const settings = (name: SettingsName = 'argocd-cm') => (find(maps, name)?.data ?? {}) as Record<string, string>

  function onApplication(object: KubeObject): void {
    if (ours?.metadata.uid !== object.metadata.uid)
      onChange({ kind: 'application', name: instanceName(object, namespace) })
  }

  function patterns(): string[] {
    const text = settings('argocd-cmd-params-cm')['application.namespaces'] ?? ''
    return text.split(',').flatMap((pattern) => pattern.trim() || [])
  }

  function isPermitted({ metadata }: KubeObject): boolean {
    return metadata.namespace !== namespace && matchesNamespace(patterns(), metadata.namespace ?? '')
  }

  /** Names are followed one by one, which needs no rights beyond them; a pattern means all namespaces. */
  function followOthers(): void {
    const named = patterns().filter((pattern) => pattern !== namespace)
    const wanted = named.every((pattern) => /^[a-z0-9-]+$/.test(pattern)) ? named : ['']
    for (const scope of wanted) {
      if (others.has(scope)) continue
      const changed = (object: KubeObject) => isPermitted(object) && onApplication(object)
      others.set(scope, follow(['argoproj.io', 'Application'], changed, scope))
    }
    for (const [scope, informer] of others) {
      if (wanted.includes(scope)) continue
      others.delete(scope)
      void informer.stop()
    }
  }

  function* otherApplications(): Iterable<Application> {
    for (const { items } of others.values())
      for (const { object } of items.values()) if (isPermitted(object)) yield object as Application
  }

  function otherApplication(instance: string): Application | undefined {
    const [home = '', name = ''] = instance.split('_', 2)
    const informer = others.get(home) ?? others.get('')
    const object = informer?.items.get(`${home}/${name}`)?.object
    return object && isPermitted(object) ? (object as Application) : undefined
  }

  function application(instance: string): Application | undefined {
    return instance.includes('_')
      ? otherApplication(instance)
      : (find(applications, instance) as Application | undefined)
  }

  function informerOf({ metadata }: KubeObject): Informer<Kept> | undefined {
    return metadata.namespace === namespace ? applications : (others.get(metadata.namespace ?? '') ?? others.get(''))
  }

  return {
    namespace,
    applications: () => [
      ...[...applications.items.values()].map((item) => item.object as Application),
      ...otherApplications(),
    ],
    application,
    project: (name) => find(projects, name) as AppProject | undefined,
    setting: (key) => settings()[key],
    settings,
    async patch(instance, patch) {
      const before = application(instance)
      const [home = '', other] = instance.split('_', 2)
      const name = other === undefined ? { namespace, name: home } : { namespace: home, name: other }
      const answer = await client.patch({ ...target, kind: 'Application', ...name }, patch, { type: 'merge' })
      // Another write may have come first, and its own event then tells nothing new.
      ours = before && isOurs(before, patch, answer) ? answer : undefined
      informerOf(answer)?.put(answer)
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
      const isListing = () => informers().some((informer) => informer.state().status === 'syncing')
      while (isListing()) await clock.sleep(20, signal)
    },
    problems: () => informers().flatMap((informer) => problemOf(informer.resource, informer.state())),
    async close() {
      await Promise.all(informers().map((informer) => informer.stop()))
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
