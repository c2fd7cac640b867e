/** What argocd-notifications-cm and argocd-notifications-secret say. A key that is wrong switches off itself and nothing else. */
import { createHash } from 'node:crypto'
import { CORE_SCHEMA, loadAll } from 'js-yaml'
import { messageOf } from '../model/index.ts'
import { type Dict, isDict } from '../template/index.ts'
import { catalogueTemplates, catalogueTriggers } from './catalogue.ts'
import { Expression } from './expression/expression.ts'
import { masked } from './masked.ts'
import { NotificationTemplate } from './notification.ts'

export interface Condition {
  /** Tells it apart in the record of what has been sent: `[0].<hash of when>`, as in Argo CD. */
  key: string
  /** The text of `when`. */
  source: string
  when: Expression
  oncePer: Expression | undefined
  /** `oncePer` is a revision of the application. */
  isPerRevision: boolean
  send: string[]
}

export interface ServiceSettings {
  type: string
  name: string
  options: Dict
}

export interface Subscription {
  recipients: string[]
  triggers: string[]
  selector: string
}

export interface NotificationSettings {
  services: ReadonlyMap<string, ServiceSettings>
  triggers: ReadonlyMap<string, Condition[]>
  templates: ReadonlyMap<string, NotificationTemplate>
  defaultTriggers: string[]
  serviceDefaultTriggers: ReadonlyMap<string, string[]>
  subscriptions: Subscription[]
  context: Dict
  secrets: Record<string, string>
  /** What is wrong, by key. */
  problems: string[]
}

export interface ConfigurationTexts {
  map: Readonly<Record<string, string>>
  secret: Readonly<Record<string, string>>
  /** Where the page is, for links in messages. */
  url?: string
}

export function readConfiguration({ map, secret, url = '' }: ConfigurationTexts): NotificationSettings {
  const problems: string[] = []
  /** Undefined when the key is wrong, which is then on record. */
  function attempt<Result>(key: string, read: () => Result): Result | undefined {
    try {
      return read()
    } catch (error) {
      problems.push(`${place}${key}: ${masked(messageOf(error), Object.values(secret))}`)
      return undefined
    }
  }
  function below<Result>(prefix: string, read: (text: string, name: string) => Result): Map<string, Result> {
    const found = new Map<string, Result>()
    for (const [key, text] of Object.entries(map)) {
      if (!key.startsWith(prefix)) continue
      const name = key.slice(prefix.length)
      const value = attempt(key, () => read(text, name))
      if (value !== undefined) found.set(name, value)
    }
    return found
  }
  const services = [...below('service.', (text, name) => readService(text, name, secret)).values()]
  const readTemplate = (text: string, name: string) => new NotificationTemplate(name, dictOf(text))
  return {
    services: new Map(services.map((service) => [service.name, service])),
    triggers: new Map([...entriesOf(catalogueTriggers, readTrigger), ...below('trigger.', readTrigger)]),
    templates: new Map([...entriesOf(catalogueTemplates, readTemplate), ...below('template.', readTemplate)]),
    defaultTriggers: attempt('defaultTriggers', () => textsOf(yaml(map.defaultTriggers))) ?? [],
    serviceDefaultTriggers: below('defaultTriggers.', (text) => textsOf(yaml(text))),
    subscriptions: attempt('subscriptions', () => listOf(yaml(map.subscriptions)).map(readSubscription)) ?? [],
    context: { argocdUrl: url, ...(attempt('context', () => dictOf(map.context)) ?? {}) },
    secrets: { ...secret },
    problems,
  }
}

const place = 'argocd-notifications-cm: '

/** Why something is not there: its key is wrong, or nobody has written one. Of services the type may be left out. */
export function whyMissing(settings: Pick<NotificationSettings, 'problems'>, kind: string, name: string): string {
  const wrong = settings.problems.find((problem) => {
    const [key = ''] = problem.slice(place.length).split(': ')
    const [word, , ...rest] = key.split('.')
    return key === `${kind}.${name}` || (word === 'service' && kind === word && rest.join('.') === name)
  })
  return (
    wrong ?? `the ${kind} ${JSON.stringify(name)} is not configured: add ${kind}.${name} to argocd-notifications-cm`
  )
}

function entriesOf<Result>(
  texts: Record<string, string>,
  read: (text: string, name: string) => Result,
): [string, Result][] {
  return Object.entries(texts).map(([name, text]) => [name, read(text, name)])
}

function yaml(text: string | undefined): unknown {
  return loadAll(text ?? '', { schema: CORE_SCHEMA, json: true })[0] ?? undefined
}

function dictOf(text: string | undefined): Dict {
  const value = yaml(text)
  if (value === undefined) return {}
  if (!isDict(value)) throw new Error('a mapping was expected')
  return value
}

function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new Error('a list was expected')
  return value
}

function textsOf(value: unknown): string[] {
  return listOf(value).map(String)
}

/** `service.<type>` is called by its type, `service.<type>.<name>` by its name. */
function readService(text: string, key: string, secret: Readonly<Record<string, string>>): ServiceSettings {
  const [type = '', ...rest] = key.split('.')
  return { type, name: rest.length > 0 ? rest.join('.') : type, options: withSecrets(dictOf(text), secret) as Dict }
}

/** `$name` in a text stands for that key of the Secret. */
function withSecrets(value: unknown, secret: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$([\w-]+)/g, (whole, name: string) =>
      Object.hasOwn(secret, name) ? (secret[name] ?? whole) : whole,
    )
  }
  if (Array.isArray(value)) return value.map((element) => withSecrets(element, secret))
  if (!isDict(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, withSecrets(element, secret)]))
}

function readTrigger(text: string): Condition[] {
  return listOf(yaml(text)).map((condition, index) => {
    if (!isDict(condition)) throw new Error('a trigger is a list of conditions, each with when and send')
    const when = condition.when === undefined ? '' : String(condition.when)
    const { oncePer } = condition
    return {
      key: `[${index}].${hashOf(when)}`,
      source: when,
      when: new Expression(when === '' ? 'false' : when),
      ...readOncePer(typeof oncePer === 'string' ? oncePer.trim() : ''),
      send: textsOf(condition.send),
    }
  })
}

const revisionOfApplication = /^app\.status\??\.(?:operationState\??\.syncResult|sync)\??\.revision$/

/** As the triggers of Argo CD are written: an application of several sources has revisions, and its revision is empty. */
function readOncePer(text: string): Pick<Condition, 'oncePer' | 'isPerRevision'> {
  if (text === '') return { oncePer: undefined, isPerRevision: false }
  const isPerRevision = revisionOfApplication.test(text)
  const source = isPerRevision ? `len(${text}s ?? []) > 0 ? ${text}s : ${text}` : text
  return { oncePer: new Expression(source), isPerRevision }
}

function hashOf(text: string): string {
  return createHash('sha1').update(text).digest('base64url')
}

function readSubscription(value: unknown): Subscription {
  if (!isDict(value)) throw new Error('a subscription has recipients, and may have triggers and a selector')
  return {
    recipients: textsOf(value.recipients),
    triggers: textsOf(value.triggers),
    selector: typeof value.selector === 'string' ? value.selector : '',
  }
}
