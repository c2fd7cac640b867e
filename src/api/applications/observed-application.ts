/** The application that a request is about, with what its last look has found. */
import type { Application } from '../../model/index.ts'
import { firstLook } from '../../reconcile/first-look.ts'
import type { Call } from '../call.ts'
import type { Services } from '../services.ts'
import { findApplication } from './find-application.ts'
import type { TreeRequest } from './tree/application-tree.ts'

/** A call about one application. */
export type Asking = Pick<Call, 'may' | 'require' | 'signal'> & { query: { appNamespace?: string; project?: string } }

export interface ObservedApplications {
  /** Throws PermissionDenied, or NotFound for who may know. */
  find(call: Asking, name: string): Application
  /** Waits for the first look after a start. */
  observed(call: Asking, name: string): Promise<TreeRequest>
}

export function observedApplications({
  controlPlane,
  controller,
  stages: { clusters },
}: Pick<Services, 'controlPlane' | 'controller' | 'stages'>): ObservedApplications {
  function find(call: Asking, name: string): Application {
    const { appNamespace, project } = call.query
    return findApplication(call, { name, appNamespace, project }, { controlPlane, action: 'get' })
  }

  return {
    find,
    async observed(call, name) {
      const application = find(call, name)
      const options = { controlNamespace: controlPlane.namespace, clusters, signal: call.signal }
      return { application, observation: await firstLook(application, controller, options) }
    },
  }
}
