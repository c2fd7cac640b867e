/** Names that Argo CD gave to annotations, labels and finalizers, and that existing installations carry. */

const prefix = 'argocd.argoproj.io'

export const annotation = {
  refresh: `${prefix}/refresh`,
  refreshTimestamp: `${prefix}/refresh-timestamp`,
  /** On an Application, or on the Secret of a cluster for all that goes there: to be left alone. */
  skipReconcile: `${prefix}/skip-reconcile`,
  /** On Secrets that were made through the API. */
  managedBy: 'managed-by',
  compareOptions: `${prefix}/compare-options`,
  syncOptions: `${prefix}/sync-options`,
  syncWave: `${prefix}/sync-wave`,
  /** Which files make up an application's manifests; only webhooks ask. */
  manifestGeneratePaths: `${prefix}/manifest-generate-paths`,
  hook: `${prefix}/hook`,
  hookDeletePolicy: `${prefix}/hook-delete-policy`,
  trackingId: `${prefix}/tracking-id`,
  deletionApproved: `${prefix}/deletion-approved`,
  /** Tiphys' own: how long one try of a sync may take, such as `10m`; `0` for any time. */
  syncTimeout: 'tiphys.dev/sync-timeout',
  migrationManager: `${prefix}/client-side-apply-migration-manager`,
  installationId: `${prefix}/installation-id`,
  ignoreResourceUpdates: `${prefix}/ignore-resource-updates`,
  ignoreHealthcheck: `${prefix}/ignore-healthcheck`,
  ignoreRestartPolicy: `${prefix}/ignore-restart-policy`,
  /** On an Application that another installation has: where its screen is. */
  managedByUrl: `${prefix}/managed-by-url`,
  helmResourcePolicy: 'helm.sh/resource-policy',
  helmHook: 'helm.sh/hook',
  helmHookWeight: 'helm.sh/hook-weight',
  helmHookDeletePolicy: 'helm.sh/hook-delete-policy',
  /** Applications that have to be Synced and Healthy before this one is synced by itself. */
  dependsOn: 'tiphys.dev/depends-on',
  /** What the application was rolled back to and stays at: see pin.ts. */
  pin: 'tiphys.dev/pin',
  /** On an ApplicationSet: generate now, whatever is remembered; taken away when that is done. */
  applicationSetRefresh: `${prefix}/application-set-refresh`,
  /** On an ApplicationSet: the applications that wait for it may be deleted. Its value names exactly them. */
  approveDeletion: 'tiphys.dev/approve-deletion',
  /** On an ApplicationSet: so many applications, such as `10` or `50%`, may be deleted at once without an approval. */
  deletionsUnasked: 'tiphys.dev/deletions-without-approval',
  hydrate: `${prefix}/hydrate`,
  hydrateTimestamp: `${prefix}/hydrate-timestamp`,
  /** Which notifications were sent. */
  notified: 'notified.notifications.argoproj.io',
  /** Which are on their way. */
  notificationsUnderWay: 'tiphys.dev/notifications-under-way',
  /** Which versions of its images were written last, when and where. */
  imageUpdates: 'tiphys.dev/image-updates',
  /** When a registry told of a push of one of its images: whoever keeps images asks the registries, and takes it away. */
  imagePushed: 'tiphys.dev/image-pushed',
  /** Which of several replicas has begun what is under way, or was the last to. */
  holder: 'tiphys.dev/holder',
  /** On argocd-initial-admin-secret: for which version of argocd-secret its password was made. */
  initialPasswordFor: 'tiphys.dev/initial-password-for',
  lastApplied: 'kubectl.kubernetes.io/last-applied-configuration',
} as const

export const label = {
  /** Selects the ConfigMaps and Secrets that belong to the installation. */
  partOf: 'app.kubernetes.io/part-of',
  secretType: `${prefix}/secret-type`,
  instance: 'app.kubernetes.io/instance',
  /** On the Secret of a cluster, with `true`: `kubernetesVersion` is kept up to date there. */
  autoLabelClusterInfo: `${prefix}/auto-label-cluster-info`,
  kubernetesVersion: `${prefix}/kubernetes-version`,
} as const

export const finalizer = {
  /** Deleting the Application deletes its resources first; without a suffix, in the foreground. */
  resources: 'resources-finalizer.argocd.argoproj.io',
  resourcesForeground: 'resources-finalizer.argocd.argoproj.io/foreground',
  resourcesBackground: 'resources-finalizer.argocd.argoproj.io/background',
  hook: `${prefix}/hook-finalizer`,
  /** Hooks of the deletion are still to be run; with `/cleanup` after it, still to be deleted by their policies. */
  preDelete: 'pre-delete-finalizer.argocd.argoproj.io',
  postDelete: 'post-delete-finalizer.argocd.argoproj.io',
} as const

/** The field manager of everything that Tiphys applies; the same as Argo CD's, so that ownership carries over. */
export const fieldManager = 'argocd-controller'

/**
 * Field managers whose Update entries hold what was applied client-side, by kubectl or by Argo CD, before the object was
 * applied server-side.
 */
export const clientSideManagers = clientSideManagersWith('kubectl-client-side-apply')

/** The same for an application that names another manager in the place of kubectl's. */
export function clientSideManagersWith(kubectl: string): readonly string[] {
  return [kubectl, fieldManager, 'argocd-application-controller']
}

const yes = new Set(['1', 't', 'T', 'true', 'True', 'TRUE'])

/** Whether it is to be left alone; with the spellings of true that Argo CD takes. */
export function isSkipped(annotations: Record<string, string> | undefined): boolean {
  return yes.has(annotations?.[annotation.skipReconcile] ?? '')
}

/** What a comma-separated annotation holds: trimmed, without empty entries and repetitions. */
export function listAnnotation(value: string | undefined): string[] {
  const items = (value ?? '').split(',').map((item) => item.trim())
  return [...new Set(items.filter((item) => item !== ''))]
}
