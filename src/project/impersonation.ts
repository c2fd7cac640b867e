/** In whose name an application is synced: `destinationServiceAccounts` of its project. Pure. */
import { matchesGlob } from '../model/index.ts'
import type { DestinationCluster, ProjectInForce } from './permission.ts'

export interface ImpersonationRequest {
  cluster: DestinationCluster
  /** Of the destination; empty where it names none. */
  namespace: string
  /** Of the Application. */
  applicationNamespace: string
}

/** undefined: no entry means the destination. */
export type ServiceAccount = { user: string } | { fault: string } | undefined

/** The first entry that matches counts. */
export function serviceAccountFor({ name, spec }: ProjectInForce, request: ImpersonationRequest): ServiceAccount {
  const { cluster, namespace, applicationNamespace } = request
  const entry = (spec.destinationServiceAccounts ?? []).find(
    (one) => matchesGlob(one.server ?? '', cluster.server) && matchesGlob(one.namespace ?? '', namespace),
  )
  if (!entry) return undefined
  const account = entry.defaultServiceAccount ?? ''
  if (account.trim() === '' || /[!*[\]{}\\/]/.test(account)) {
    return {
      fault: `the project ${name} names ${JSON.stringify(account)} as service account, which is none: correct its destinationServiceAccounts`,
    }
  }
  const whole = account.includes(':') ? account : `${namespace || applicationNamespace}:${account}`
  return { user: `system:serviceaccount:${whole}` }
}
