/** The objects that steer Tiphys itself: Applications, ApplicationSets, AppProjects, settings and Secrets. */
import { type Clock, systemClock } from '../kube/clock.ts'
import type { InformerState } from '../kube/informer.ts'
import type { ApiResource, KubeClient } from '../kube/kube-client.ts'
import {
  type Application,
  type AppProject,
  imageUpdaterGroup,
  instanceName,
  type KubeObject,
  StageError,
} from '../model/index.ts'
import { type FollowedKind, followKind, type ObjectEvent } from './followed-kind.ts'
import { type Log, listeners } from './listeners.ts'
import { isOurs } from './own-write.ts'
import { decodedSecret, isSecretOfType, type SecretType } from './secret.ts'

/** What changed, by the name of the object; an application as `application()` knows it. */
export type ControlPlaneChange =
  | { kind: 'application'; name: string }
  | { kind: 'project'; name: string }
  /** What every look at an application depends on. */
  | { kind: 'settings' }
  /** What no look depends on: access, connections, notifications. */
  | { kind: 'other-settings'; name: OtherSettingsName }
  | { kind: 'secret'; name: string }
  | { kind: 'image-updater'; name: string }

/** One stored version of an Application, our own patches among them; a deleted one as it was last. */
export interface ApplicationEvent {
  type: ObjectEvent['type']
  application: Application
}

export interface ApplicationSetEvent {
  type: ObjectEvent['type']
  applicationSet: KubeObject
}

export interface ControlPlaneOptions {
  client: KubeClient
  namespace: string
  /** Is told of a listener that fails. */
  log?: Log
  onChange(change: ControlPlaneChange): void
  /** Whether one of the entries of `application.namespaces` means the namespace; without it they are plain names. */
  matchesNamespace?: (patterns: string[], namespace: string) => boolean
  clock?: Clock
  /** False: the API only keeps objects, and nothing can be deployed there whatever the settings say. */
  isCluster?: boolean
}

export interface ControlPlane {
  readonly namespace: string
  /** Whether there is the cluster that Tiphys runs in, and `cluster.inClusterEnabled` does not do without it. */
  hasInCluster(): boolean
  /** Also those of other namespaces, as far as `application.namespaces` of argocd-cmd-params-cm names them. */
  applications(): Application[]
  /** By the name that tracking uses: `name`, or `namespace_name` outside of the control namespace. */
  application(instance: string): Application | undefined
  /**
   * Tells every version from now on, in order, each once. What `applications()` gives in the same turn is what was
   * told before. The answer ends it.
   */
  onApplications(listener: (event: ApplicationEvent) => void): () => void
  /**
   * Also those of namespaces that `applicationsetcontroller.namespaces` names. None where the cluster did not know the
   * kind at the start.
   */
  applicationSets(): KubeObject[]
  onApplicationSets(listener: (event: ApplicationSetEvent) => void): () => void
  /** None where the cluster did not know the kind at the start. */
  imageUpdaters(): KubeObject[]
  projects(): AppProject[]
  project(name: string): AppProject | undefined
  /** A value of argocd-cm. */
  setting(key: string): string | undefined
  /** All values of argocd-cm, or of another ConfigMap of settings. */
  settings(name?: SettingsName): Record<string, string>
  /** The decoded data of a Secret of the control namespace. */
  secret(name: string): Record<string, string> | undefined
  /** The same as it is stored, with its labels. */
  storedSecret(name: string): KubeObject | undefined
  secretsOfType(type: SecretType): KubeObject[]
  /** A JSON merge patch; the answer is what `application` gives from then on. `onChange` tells only what others wrote. */
  patch(instance: string, patch: object): Promise<Application>
  /** As the server has it at this moment; undefined: it is gone. */
  reread(instance: string): Promise<Application | undefined>
  createProject(project: AppProject): Promise<void>
  /** Takes the answer to a write of ours to any of these objects, so that whoever looks next sees it. */
  remember(object: KubeObject): void
  /** The same for an object that our own delete has removed. */
  forget(object: KubeObject): void
  record(event: KubeObject): Promise<void>
  /** Resolves when everything has been listed once, or cannot be. */
  ready(signal?: AbortSignal): Promise<void>
  /** What is failing, such as a watch that the server refuses. */
  problems(): string[]
  close(): Promise<void>
}

const settingsNames = ['argocd-cm', 'argocd-cmd-params-cm', 'argocd-gpg-keys-cm'] as const
const otherSettingsNames = [
  'argocd-rbac-cm',
  'argocd-ssh-known-hosts-cm',
  'argocd-tls-certs-cm',
  'argocd-notifications-cm',
  'argocd-image-updater-config',
] as const
type OtherSettingsName = (typeof otherSettingsNames)[number]
/** Always the same: who asks often can tell that nothing has changed. */
const none: Record<string, string> = {}
type SettingsName = (typeof settingsNames)[number] | OtherSettingsName

/** Helm keeps whole releases in Secrets, a megabyte each. */
const allButReleases = 'type!=helm.sh/release.v1'

const target = { group: 'argoproj.io', version: 'v1alpha1' }

export async function openControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { client, namespace, log = silent, onChange, clock = systemClock, isCluster = true } = options
  const { matchesNamespace = (names, one) => names.includes(one) } = options
  const resources = await client.apiResources()
  const shared = { client, clock, namespace, matchesNamespace }
  const applicationListeners = listeners<ApplicationEvent>(log)
  const applicationSetListeners = listeners<ApplicationSetEvent>(log)

  /** The answer to a patch of ours that is being taken in, when it shows nothing new. */
  let ours: KubeObject | undefined
  const applications = followKind({
    ...shared,
    resource: resourceOf('argoproj.io', 'Application'),
    onEvent({ type, object }) {
      applicationListeners.tell({ type, application: object as Application })
      if (ours?.metadata.uid !== object.metadata.uid)
        onChange({ kind: 'application', name: instanceName(object, namespace) })
    },
  })
  const applicationSets = followApplicationSets()
  const imageUpdaters = followImageUpdaters()
  const projects = followKind({
    ...shared,
    resource: resourceOf('argoproj.io', 'AppProject'),
    onEvent: ({ object }) => onChange({ kind: 'project', name: object.metadata.name }),
  })
  const maps = followKind({
    ...shared,
    resource: resourceOf('', 'ConfigMap'),
    onEvent: ({ object }) => onConfigMap(object.metadata.name),
  })
  const secrets = followKind({
    ...shared,
    resource: resourceOf('', 'Secret'),
    fieldSelector: allButReleases,
    onEvent: ({ object }) => onChange({ kind: 'secret', name: object.metadata.name }),
  })
  const followed = [
    applications,
    projects,
    maps,
    secrets,
    ...[applicationSets, imageUpdaters].flatMap((kind) => kind ?? []),
  ]
  const informers = () => followed.flatMap((kind) => kind.informers())

  function resourceOf(group: string, kind: string): ApiResource {
    return resources.find(group, kind) ?? missing(group, kind, client.server)
  }

  function followApplicationSets(): FollowedKind | undefined {
    const resource = resources.find('argoproj.io', 'ApplicationSet')
    return (
      resource &&
      followKind({
        ...shared,
        resource,
        onEvent: ({ type, object }) => applicationSetListeners.tell({ type, applicationSet: object }),
      })
    )
  }

  function followImageUpdaters(): FollowedKind | undefined {
    const resource = resources.find(imageUpdaterGroup, 'ImageUpdater')
    const onEvent = ({ object }: ObjectEvent) => onChange({ kind: 'image-updater', name: object.metadata.name })
    return resource && followKind({ ...shared, resource, onEvent })
  }

  function onConfigMap(name: string): void {
    const other = otherSettingsNames.find((known) => known === name)
    if (other) onChange({ kind: 'other-settings', name: other })
    if (!settingsNames.some((known) => known === name)) return
    if (name === 'argocd-cmd-params-cm') permitNamespaces()
    onChange({ kind: 'settings' })
  }

  function permitNamespaces(): void {
    const parameters = settings('argocd-cmd-params-cm')
    applications.permit(entriesOf(parameters['application.namespaces']))
    applicationSets?.permit(entriesOf(parameters['applicationsetcontroller.namespaces']))
  }

  function followedAs({ kind }: KubeObject): FollowedKind | undefined {
    return followed.find((one) => one.kind === kind)
  }

  function settings(name: SettingsName = 'argocd-cm'): Record<string, string> {
    return (maps.find(namespace, name)?.data ?? none) as Record<string, string>
  }

  function application(instance: string): Application | undefined {
    return applications.find(...placeOf(instance)) as Application | undefined
  }

  function placeOf(instance: string): [namespace: string, name: string] {
    const [home = '', name] = instance.split('_', 2)
    return name === undefined ? [namespace, home] : [home, name]
  }

  return {
    namespace,
    applications: () => applications.all() as Application[],
    application,
    onApplications: applicationListeners.add,
    applicationSets: () => applicationSets?.all() ?? [],
    onApplicationSets: applicationSetListeners.add,
    imageUpdaters: () => imageUpdaters?.all() ?? [],
    projects: () => projects.all() as AppProject[],
    project: (name) => projects.find(namespace, name) as AppProject | undefined,
    hasInCluster: () => isCluster && settings()['cluster.inClusterEnabled'] !== 'false',
    setting: (key) => settings()[key],
    settings,
    secret(name) {
      const secret = secrets.find(namespace, name)
      return secret && decodedSecret(secret)
    },
    storedSecret: (name) => secrets.find(namespace, name),
    secretsOfType: (type) => secrets.all().filter((secret) => isSecretOfType(secret, type)),
    async patch(instance, patch) {
      const before = application(instance)
      const [home, name] = placeOf(instance)
      const answer = await client.patch({ ...target, kind: 'Application', namespace: home, name }, patch, {
        type: 'merge',
      })
      // Another write may have come first, and its own event then tells nothing new.
      ours = before && isOurs(before, patch, answer) ? answer : undefined
      applications.put(answer)
      ours = undefined
      return answer as Application
    },
    async reread(instance) {
      const [home, name] = placeOf(instance)
      const found = await client.get({ ...target, kind: 'Application', namespace: home, name })
      if (found) applications.put(found)
      return found as Application | undefined
    },
    async createProject(project) {
      projects.put(await client.create(project))
    },
    remember: (object) => followedAs(object)?.put(object),
    forget: (object) => followedAs(object)?.forget(object),
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

const silent: Log = { debug() {}, info() {}, warn() {} }

function entriesOf(list = ''): string[] {
  return list.split(',').flatMap((entry) => entry.trim() || [])
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
