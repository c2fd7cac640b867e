/** The forms of an installation, each a list of objects in the order in which they are applied. Pure. */
import { customResourceDefinitions, type KubeObject } from '../model/index.ts'
import { networkObjects } from './network.ts'
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
} as const
export type Variant = keyof typeof variants

export function manifestsOf(variant: Variant, options: InstallOptions): KubeObject[] {
  if (variant === 'crds') return customResourceDefinitions()
  const program = [...settingsObjects(), ...networkObjects(), deployment(options)]
  if (variant === 'install') {
    return [...customResourceDefinitions(), serviceAccount(), ...clusterWideRights(options), ...program]
  }
  return [serviceAccount(), ...namespacedRights(options), ...program]
}
