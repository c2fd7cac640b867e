/** Declaring Applications, changing what is declared, and deleting them. */
import { routes } from '../../contract/index.ts'
import { type Application, annotation } from '../../model/index.ts'
import { approval } from '../../operation/index.ts'
import { ApiError } from '../api-error.ts'
import type { Call } from '../call.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { patchedApplication } from './apply-patch.ts'
import { changeApplication } from './change-application.ts'
import { syncPolicyRight } from './change-rights.ts'
import { createApplication } from './create-application.ts'
import { declaredIn, declaredOf, placeIn } from './declared.ts'
import { deleteApplication } from './delete-application.ts'
import { findApplication, type Named } from './find-application.ts'
import { markApplication } from './mark-application.ts'

export function applicationWriteHandlers(services: Services): Handler[] {
  const { controlPlane } = services
  const { applications } = routes

  /** Whoever may switch automated sync may at least try; what the change comes to decides. */
  function changeable(call: Call, named: Named): Application {
    const may: Call['may'] = (question) => call.may(question) || call.may({ ...question, action: syncPolicyRight })
    return findApplication({ may, require: call.require.bind(call) }, named, { controlPlane, action: 'update' })
  }

  return [
    handler(applications.create, (call) => createApplication(call, services)),
    handler(applications.update, async (call) => {
      const { validate = true, project } = call.query
      const { name, namespace } = placeIn(call.body, { ...call.params, namespace: controlPlane.namespace })
      const application = changeable(call as Call, { name, appNamespace: namespace, ...(project && { project }) })
      const declared = declaredIn(call.body)
      const change = { wanted: () => declared, replaces: true, validate }
      return changeApplication(call as Call, { application, change, services })
    }),
    handler(applications.updateSpec, async (call) => {
      const { validate = true, ...query } = call.query
      const application = changeable(call as Call, { ...query, ...call.params })
      const { spec } = declaredIn({ spec: call.body })
      const change = {
        wanted: (current: Application) => ({ ...declaredOf(current), spec }),
        replaces: true,
        validate,
      }
      return (await changeApplication(call as Call, { application, change, services })).spec
    }),
    handler(applications.patch, async (call) => {
      const { patch, patchType, project, appNamespace } = call.body
      const named = { ...call.params, project: project ?? '', appNamespace: appNamespace ?? '' }
      const application = changeable(call as Call, named)
      if (!patch) throw new ApiError('InvalidArgument', 'there is no patch: give it as text in the field patch')
      const change = {
        wanted: (current: Application) => declaredOf(patchedApplication(current, patch, patchType ?? '')),
        replaces: false,
        validate: true,
      }
      return changeApplication(call as Call, { application, change, services })
    }),
    handler(applications.delete, (call) => deleteApplication(call, services)),
    handler(applications.confirmDeletion, async (call) => {
      const named = { ...call.query, ...call.params }
      const application = findApplication(call, named, { controlPlane, action: 'update' })
      const patch = approval(new Date())
      const did = `confirmed deletions (${annotation.deletionApproved})`
      return markApplication(call as Call, { application, change: () => patch, did }, services)
    }),
  ]
}
