/** What a notification says: texts for each service, made from a template. */
import { compileTemplate, type Dict, isDict, type Template, type Value } from '../template/index.ts'

/** `message`, and the fields of services under their types. */
export type Notification = Dict

type Compiled = Template | Compiled[] | Map<string, Compiled> | { constant: unknown }

/** Fields that have a template when none is given. */
const defaults: Record<string, Record<string, string>> = {
  github: {
    repoURLPath: '{{ with .app.spec.source }}{{ .repoURL }}{{ end }}',
    revisionPath: '{{ with .app.status.operationState }}{{ with .syncResult }}{{ .revision }}{{ end }}{{ end }}',
  },
  alertmanager: { generatorURL: '{{ with .app.spec.source }}{{ .repoURL }}{{ end }}' },
}
defaults.gitlab = defaults.github ?? {}

export class NotificationTemplate {
  readonly name: string
  readonly #compiled: Compiled

  /** Throws where a text is no template. */
  constructor(name: string, fields: Dict) {
    this.name = name
    const complete = Object.entries(fields).map(([key, value]) => [key, completed(key, value, name)])
    this.#compiled = compiled(Object.fromEntries(complete), name)
  }

  render(variables: Dict): Notification {
    return rendered(this.#compiled, variables) as Notification
  }
}

function completed(key: string, value: Value, name: string): Value {
  if (!isDict(value)) return value
  const complete = { ...defaults[key], ...value }
  if (key !== 'alertmanager' || !isDict(value.labels) || Object.keys(value.labels).length === 0) return complete
  // An alert without a name is called as its template is.
  return { ...complete, labels: { alertname: name, ...value.labels } }
}

function compiled(value: unknown, name: string): Compiled {
  if (typeof value === 'string') return compileTemplate(value, { name })
  if (Array.isArray(value)) return value.map((element) => compiled(element, name))
  if (!isDict(value)) return { constant: value }
  return new Map(Object.entries(value).map(([key, element]) => [key, compiled(element, name)]))
}

function rendered(part: Compiled, variables: Value): unknown {
  if (part instanceof Map) return Object.fromEntries([...part].map(([key, inner]) => [key, rendered(inner, variables)]))
  if (Array.isArray(part)) return part.map((inner) => rendered(inner, variables))
  return 'constant' in part ? part.constant : part.render(variables)
}

/** Several templates say one thing together: the later one counts where it says anything. */
export function combined(parts: Notification[]): Notification {
  return parts.reduce((all, part) => merged(all, part) as Notification, {})
}

function merged(before: unknown, after: unknown): unknown {
  if (after === undefined || after === null || after === '') return before
  if (!isDict(before) || !isDict(after)) return after
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return Object.fromEntries([...keys].map((key) => [key, merged(before[key], after[key])]))
}
