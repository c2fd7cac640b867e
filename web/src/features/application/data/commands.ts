/** What the page asks to be done to one application. What comes of it, the streams tell. */
import { type Application, api, routes } from '../../../lib/api.ts'

function named({ metadata }: Application) {
  const { name, namespace } = metadata
  const where = namespace ? { appNamespace: namespace } : {}
  return { params: { name }, where }
}

export function refresh(application: Application, how: 'normal' | 'hard') {
  const { params, where } = named(application)
  return api.call(routes.applications.get, { params, query: { ...where, refresh: how } })
}

export function terminate(application: Application) {
  const { params, where } = named(application)
  return api.call(routes.applications.terminateOperation, { params, query: where })
}

export function unpin(application: Application) {
  const { params, where } = named(application)
  return api.call(routes.applications.unpin, { params, query: where })
}

/** It stays at what was deployed then, whatever comes in Git. */
export function pin(application: Application, id: number) {
  const { params, where } = named(application)
  return api.call(routes.applications.rollback, { params, body: { ...where, name: params.name, id, pin: true } })
}

export interface Automation {
  prune: boolean
  selfHeal: boolean
}

/** What was chosen is kept while it is off. */
export function setAutomation(application: Application, on: Automation | undefined) {
  const { params, where } = named(application)
  const automated = on ? { ...on, enabled: true } : { enabled: false }
  const patch = JSON.stringify({ spec: { syncPolicy: { automated } } })
  const body = { ...where, name: params.name, patch, patchType: 'merge' }
  return api.call(routes.applications.patch, { params, body })
}

export type Cascade = 'foreground' | 'background' | 'orphan'

export function remove(application: Application, cascade: Cascade) {
  const { params, where } = named(application)
  const how = cascade === 'orphan' ? { cascade: false } : { cascade: true, propagationPolicy: cascade }
  return api.call(routes.applications.delete, { params, query: { ...where, ...how } })
}
