/** The forms of an installation, each a list of objects in the order in which they are applied. Pure. */
import { customResourceDefinitions, type KubeObject } from '../model/index.ts'
import { disruptionBudget } from './availability.ts'
import { metricsObjects, networkObjects } from './network.ts'
import { clusterWideRights, namespacedRights, serviceAccount } from './rights.ts'
import { settingsObjects } from './settings-objects.ts'
import { deployment } from './workload.ts'

export interface InstallOptions {
  /** Where Tiphys runs, and the Applications are. */
  namespace: string
  image: string
}

/** What each is for is told by `tiphys manifests --help` and docs/installation.md. */
export const variants = {
  crds: 'the definitions of kinds alone, once for a cluster',
  install: 'for a cluster that Tiphys deploys to itself: it may do everything there',
  'namespace-install':
    'rights in its own namespace only, for clusters and namespaces that it is given credentials or roles for; apply crds first',
  'ha/install': 'install with three replicas that share the work',
  'ha/namespace-install': 'namespace-install with three replicas that share the work',
  'core-install': 'install without the API and the page: what is in the cluster steers it',
} as const
export type Variant = keyof typeof variants

export function manifestsOf(variant: Variant, options: InstallOptions): KubeObject[] {
  if (variant === 'crds') return customResourceDefinitions()
  const shared = variant.startsWith('ha/')
  const api = variant !== 'core-install'
  const program = [
    ...settingsObjects(),
    ...(api ? networkObjects() : metricsObjects()),
    ...(shared ? [disruptionBudget()] : []),
    deployment({ ...options, api, replicas: shared ? 3 : 1 }),
  ]
  if (variant.endsWith('namespace-install')) {
    return [serviceAccount(), ...namespacedRights(options), ...program]
  }
  return [...customResourceDefinitions(), serviceAccount(), ...clusterWideRights(options), ...program]
}
