/** Applications that wait for others, by the annotation `tiphys.dev/depends-on`. */
import { type Application, annotation, instanceName, listAnnotation } from '../model/index.ts'
import type { Finding } from './conditions.ts'

export interface DependencyContext {
  controlNamespace: string
  /** By instance name. */
  find(instance: string): Application | undefined
}

/** The instance names of what it waits for: a `name` in its own namespace, or `namespace/name`. */
function dependenciesOf({ metadata }: Application, controlNamespace: string): string[] {
  const { namespace: own = controlNamespace } = metadata
  return listAnnotation(metadata.annotations?.[annotation.dependsOn]).map((text) => {
    const [name = '', namespace = own] = text.split('/', 2).reverse()
    return instanceName({ metadata: { name, namespace } }, controlNamespace)
  })
}

/** What can never come true: a dependency that does not exist, or a circle. */
export function dependencyFault(application: Application, context: DependencyContext): Finding | undefined {
  const { controlNamespace, find } = context
  const self = instanceName(application, controlNamespace)
  const unknown = dependenciesOf(application, controlNamespace).filter((name) => name !== self && !find(name))
  if (unknown.length > 0) {
    const message = `${annotation.dependsOn} names ${unknown.join(', ')}, which is no application: automated sync waits until there is one`
    return { type: 'DependencyError', message }
  }
  const circle = circleFrom(self, context)
  if (!circle) return undefined
  const message = `${annotation.dependsOn} leads in a circle (${circle.join(' → ')}): automated sync waits until it is cut`
  return { type: 'DependencyError', message }
}

/** The way from an application back to itself. */
function circleFrom(self: string, { controlNamespace, find }: DependencyContext): string[] | undefined {
  const seen = new Set<string>()
  const open = [[self]]
  for (let path = open.shift(); path; path = open.shift()) {
    const application = find(path.at(-1) ?? '')
    for (const next of application ? dependenciesOf(application, controlNamespace) : []) {
      if (next === self) return [...path, self]
      if (seen.has(next)) continue
      seen.add(next)
      open.push([...path, next])
    }
  }
  return undefined
}

/** Why the automated sync has to wait; undefined: everything it depends on is Synced, Healthy and at rest. */
export function dependencyHold(application: Application, context: DependencyContext): Finding | undefined {
  const fault = dependencyFault(application, context)
  if (fault) return fault
  const waiting = dependenciesOf(application, context.controlNamespace).flatMap((name) => {
    const state = stateOf(context.find(name))
    return state === undefined ? [] : `${name} (${state})`
  })
  if (waiting.length === 0) return undefined
  return { type: 'DependencyWarning', message: `automated sync waits for ${waiting.join(', ')}` }
}

/** What keeps others waiting for it; undefined: nothing. */
function stateOf(application: Application | undefined): string | undefined {
  if (!application) return 'does not exist'
  const { sync, health, operationState } = application.status ?? {}
  if (sync?.status !== 'Synced') return sync?.status ?? 'not looked at yet'
  if (health?.status !== 'Healthy') return health?.status ?? 'of unknown health'
  const isBusy = application.operation !== undefined || operationState?.phase === 'Running'
  return isBusy ? 'being synced' : undefined
}

/** Who waits for whom: a change of one application is news for those that depend on it. */
export class Dependants {
  readonly #dependencies = new Map<string, string[]>()
  readonly #dependants = new Map<string, Set<string>>()
  readonly #states = new Map<string, string | undefined>()

  /** `application` as it is now; undefined: it is gone. Answers those that want to know. */
  note(instance: string, application: Application | undefined, controlNamespace: string): string[] {
    for (const name of this.#dependencies.get(instance) ?? []) this.#dependants.get(name)?.delete(instance)
    const dependencies = application ? dependenciesOf(application, controlNamespace) : []
    if (dependencies.length > 0) this.#dependencies.set(instance, dependencies)
    else this.#dependencies.delete(instance)
    for (const name of dependencies) {
      this.#dependants.set(name, (this.#dependants.get(name) ?? new Set()).add(instance))
    }
    return this.#changed(instance, application) ? [...(this.#dependants.get(instance) ?? [])] : []
  }

  #changed(instance: string, application: Application | undefined): boolean {
    const state = `${stateOf(application)}/${application?.metadata.annotations?.[annotation.dependsOn]}`
    const before = this.#states.get(instance)
    if (application) this.#states.set(instance, state)
    else this.#states.delete(instance)
    return before !== state
  }
}
