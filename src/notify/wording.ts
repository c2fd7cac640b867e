/** What can be said of an application: its variables, and the text of a notification, with what has to be asked for it. */
import { type Application, instanceName } from '../model/index.ts'
import { type NotificationSettings, whyMissing } from './configuration.ts'
import { unusable } from './delivery/delivery-error.ts'
import { combined, type Notification } from './notification.ts'
import type { NotifierOptions } from './notifier.ts'
import type { UnderWay } from './sent-state.ts'
import { type Commits, MissingFact, variablesOf } from './variables.ts'

const mostFacts = 10

export type WordingOptions = Pick<
  NotifierOptions,
  'namespace' | 'application' | 'project' | 'settings' | 'commit' | 'drift'
> & { now(): Date }

export interface Wording {
  /** Fetches what the work asks for, then does it again, until it asks for nothing more. */
  withFacts<Result>(found: Application, attempt: (variables: Record<string, unknown>) => Result): Promise<Result>
  /** What the templates of a notification say, at this moment. */
  of(instance: string, about: Pick<UnderWay, 'templates' | 'service' | 'recipient'>): Promise<Notification>
}

export function openWording(options: WordingOptions): Wording {
  const { settings, now } = options

  async function withFacts<Result>(
    found: Application,
    attempt: (variables: Record<string, unknown>) => Result,
  ): Promise<Result> {
    const { context, secrets } = settings()
    const commits: Commits = new Map()
    for (;;) {
      try {
        const inputs = { application: found, project: options.project(found.spec.project), context, secrets, commits }
        return attempt({
          ...variablesOf({ ...inputs, now: now() }),
          drift: options.drift(instanceName(found, options.namespace)),
        })
      } catch (error) {
        if (!(error instanceof MissingFact) || commits.size >= mostFacts) throw error
        const { revision } = error
        commits.set(revision, await options.commit(found, revision).catch((reason: unknown) => asError(reason)))
      }
    }
  }

  return {
    withFacts,
    async of(instance, { templates, service, recipient }) {
      const found = options.application(instance)
      if (!found) throw unusable(`the application ${instance} is gone`)
      return withFacts(found, (variables) =>
        render(templates, { variables: { ...variables, serviceType: service, recipient }, settings: settings() }),
      )
    },
  }
}

function render(
  names: string[],
  { variables, settings }: { variables: Record<string, unknown>; settings: NotificationSettings },
): Notification {
  return combined(
    names.map((name) => {
      const template = settings.templates.get(name)
      if (!template) throw unusable(whyMissing(settings, 'template', name))
      return template.render(variables)
    }),
  )
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}
