/** What a trigger and a template come to for one application, without anything being sent. Pure. */
import type { NotificationSettings } from './configuration.ts'
import { evaluated } from './due.ts'
import type { Notification } from './notification.ts'
import type { Destination } from './subscriptions.ts'
import { type Commits, variablesOf } from './variables.ts'

export interface Subject {
  application: object
  project: object | undefined
}

export interface ConditionPreview {
  condition: string
  triggered: boolean
  oncePer: string
  problem?: string
}

export interface Preview {
  /** Undefined when there is none of that name. */
  trigger(name: string): ConditionPreview[] | undefined
  template(name: string, destination: Destination): Notification | undefined
}

export function preview({ triggers, templates, context, secrets }: NotificationSettings, subject: Subject): Preview {
  const commits: Commits = new Map()
  const variables = variablesOf({ ...subject, context, secrets, commits, now: new Date() })
  return {
    trigger: (name) =>
      triggers.get(name)?.map((condition) => ({ condition: condition.key, ...evaluated(condition, variables) })),
    template: (name, { service, recipient }) =>
      templates.get(name)?.render({ ...variables, serviceType: service, recipient }),
  }
}
