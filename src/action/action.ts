/** What can be done to one object at the press of a button. */
import type { KubeObject } from '../model/index.ts'

export interface ActionParameter {
  name: string
  default?: string
}

/** As Argo CD's API lists it. */
export interface ResourceAction {
  name: string
  disabled: boolean
  displayName?: string
  iconClass?: string
  params?: ActionParameter[]
}

/** What an action makes of an object: that object changed, or new ones. */
export interface ImpactedResource {
  operation: 'create' | 'patch'
  resource: KubeObject
}

export interface ActionContext {
  now: Date
  parameters: Record<string, string>
}

/** Why an action cannot be run; the message says what to do. */
export class ActionError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'ActionError'
  }
}
