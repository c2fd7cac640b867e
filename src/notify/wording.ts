/** What can be said of an application: its variables, and the text of a notification, with what has to be asked for it. */
import { LRUCache } from 'lru-cache'
import { type Application, instanceName, sourcesOf } from '../model/index.ts'
import { type NotificationSettings, whyMissing } from './configuration.ts'
import { unusable } from './delivery/delivery-error.ts'
import { combined, type Notification } from './notification.ts'
import type { NotifierOptions } from './notifier.ts'
import type { UnderWay } from './sent-state.ts'
import { type CommitMetadata, type Commits, MissingFact, variablesOf } from './variables.ts'

const mostFacts = 10
/** What could not be read is not asked for again so soon: it may have taken long to fail. */
const failureMs = 60_000

export type WordingOptions = Pick<
  NotifierOptions,
  'namespace' | 'application' | 'project' | 'settings' | 'commit' | 'drift'
> & { now(): Date }

type Attempt<Result> = (variables: Record<string, unknown>) => Result

export interface Wording {
  /** Fetches what the work asks for, then does it again, until it asks for nothing more. */
  withFacts<Result>(found: Application, attempt: Attempt<Result>): Promise<Result>
  /** What the templates of a notification say, at this moment. */
  of(instance: string, about: Pick<UnderWay, 'templates' | 'service' | 'recipient'>): Promise<Notification>
}

export function openWording(options: WordingOptions): Wording {
  const { settings, now } = options
  const asked = new Map<string, Promise<CommitMetadata | Error>>()
  const failures = new LRUCache<string, Error>({ max: 1000, ttl: failureMs })

  /** Who asks for the same at the same time waits for the same answer. */
  function commitOf(found: Application, revision: string, isAskedAnew: boolean): Promise<CommitMetadata | Error> {
    const { project } = found.spec
    const key = JSON.stringify([project, sourcesOf(found.spec).map(({ repoURL }) => repoURL), revision])
    const failure = isAskedAnew ? undefined : failures.get(key)
    if (failure) return Promise.resolve(failure)
    const answer = asked.get(key) ?? ask(key, () => options.commit(found, revision))
    asked.set(key, answer)
    return answer
  }

  async function ask(key: string, commit: () => Promise<CommitMetadata>): Promise<CommitMetadata | Error> {
    try {
      return await Promise.resolve().then(commit)
    } catch (reason) {
      const error = asError(reason)
      failures.set(key, error)
      return error
    } finally {
      asked.delete(key)
    }
  }

  async function withFacts<Result>(found: Application, attempt: Attempt<Result>, isAskedAnew = false): Promise<Result> {
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
        commits.set(error.revision, await commitOf(found, error.revision, isAskedAnew))
      }
    }
  }

  return {
    withFacts: (found, attempt) => withFacts(found, attempt),
    async of(instance, { templates, service, recipient }) {
      const found = options.application(instance)
      if (!found) throw unusable(`the application ${instance} is gone`)
      const rendered: Attempt<Notification> = (variables) =>
        render(templates, { variables: { ...variables, serviceType: service, recipient }, settings: settings() })
      return withFacts(found, rendered, true)
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
