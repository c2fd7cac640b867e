/** Links out of the UI, to dashboards and logs, as argocd-cm describes them for applications, projects and resources. */
import { load } from 'js-yaml'
import { annotation, isSecret, type KubeObject } from '../model/index.ts'
import { meetsCondition } from './link-condition.ts'
import { fillTemplate } from './link-template.ts'
import { type LinkData, LinkError } from './link-value.ts'

export interface LinkCluster {
  server: string
  name: string
  namespaces?: string[]
  shard?: number
  project?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

/** What the links of a place may be made from. */
export interface LinkSubjects {
  application?: KubeObject
  project?: KubeObject
  resource?: KubeObject
  cluster?: LinkCluster
}

export interface DeepLinks {
  items: { title: string; url: string; description?: string; iconClass?: string }[]
  /** What could not be read, for whoever configured it. */
  errors: string[]
}

type Place = 'application' | 'project' | 'resource'

export function deepLinks(place: Place, settings: Record<string, string>, subjects: LinkSubjects): DeepLinks {
  const key = `${place}.links`
  const links: DeepLinks = { items: [], errors: [] }
  const described = tryTo(() => descriptionsOf(settings[key]), key, links.errors) ?? []
  const data = dataOf(subjects)
  for (const [index, description] of described.entries()) {
    const title = textOf(description, 'title')
    const where = `${key}: link ${title === '' ? index + 1 : JSON.stringify(title)}`
    const url = tryTo(() => urlOf(description, data), where, links.errors)
    if (url === undefined) continue
    const text = textOf(description, 'description')
    const icon = textOf(description, 'icon.class')
    links.items.push({
      title,
      url,
      ...(text === '' ? {} : { description: text }),
      ...(icon === '' ? {} : { iconClass: icon }),
    })
  }
  return links
}

function tryTo<Result>(read: () => Result, where: string, errors: string[]): Result | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof LinkError)) throw error
    errors.push(`${where}: ${error.message}`)
    return undefined
  }
}

function descriptionsOf(yaml: string | undefined): LinkData[] {
  const read = yaml === undefined || yaml.trim() === '' ? [] : parseYaml(yaml)
  const isList = Array.isArray(read) && read.every((item) => typeof item === 'object' && item !== null)
  if (!isList) throw new LinkError('it is no list of links with title and url')
  return read
}

function parseYaml(yaml: string): unknown {
  try {
    return load(yaml)
  } catch {
    throw new LinkError('it is no valid YAML')
  }
}

function textOf(description: LinkData, key: string): string {
  const value = Object.hasOwn(description, key) ? description[key] : undefined
  return typeof value === 'string' ? value : ''
}

/** Undefined when the condition is not met. */
function urlOf(description: LinkData, data: LinkData): string | undefined {
  const condition = Object.hasOwn(description, 'if') ? description.if : undefined
  if (condition !== undefined && condition !== null && !inWords('if', () => meetsCondition(String(condition), data)))
    return undefined
  return checked(inWords('url', () => fillTemplate(textOf(description, 'url'), data)))
}

/** Which of the fields it is that cannot be used. */
function inWords<Result>(field: string, evaluate: () => Result): Result {
  try {
    return evaluate()
  } catch (error) {
    throw error instanceof LinkError ? new LinkError(`${field} cannot be used: ${error.message}`) : error
  }
}

const schemes = new Set(['http:', 'https:', 'mailto:'])

/** A browser runs `javascript:` addresses, also with a line break in the word, and annotations may hold anything. */
function checked(url: string): string {
  const text = url.trim()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  const scheme = /[\u0000-\u001f\u007f]/.test(text) || !URL.canParse(text) ? '' : new URL(text).protocol
  if (!schemes.has(scheme)) throw new LinkError('url is no address with http, https or mailto')
  return text
}

function dataOf({ application, project, resource, cluster }: LinkSubjects): LinkData {
  const managedByURL = application?.metadata.annotations?.['argocd.argoproj.io/managed-by-url'] ?? ''
  return {
    ...(application ? { application, app: application } : {}),
    ...(/^https?:\/\//.test(managedByURL) ? { managedByURL } : {}),
    ...(project ? { project } : {}),
    ...(resource ? { resource: isSecret(resource) ? withoutValues(resource) : resource } : {}),
    ...(cluster ? { cluster: described(cluster) } : {}),
  }
}

/** kubectl repeats what was applied in an annotation, the values of Secrets included. */
function withoutApplied(annotations: Record<string, string> | undefined): Record<string, string> {
  const { [annotation.lastApplied]: _applied, ...others } = annotations ?? {}
  return others
}

function withoutValues({ data: _data, stringData: _stringData, ...secret }: KubeObject): KubeObject {
  const { metadata } = secret
  return { ...secret, metadata: { ...metadata, annotations: withoutApplied(metadata.annotations) } } as KubeObject
}

/** Only these fields, whatever else is known of a cluster: its credentials above all. */
function described({ server, name, namespaces, shard, project, labels = {}, annotations }: LinkCluster): LinkData {
  return { server, name, namespaces, shard, project, labels, annotations: withoutApplied(annotations) }
}
