/** Which object of which application is meant, in the words of each question to the server. */
import type { Application, ResourceNode } from '../../../lib/api.ts'
import type { RightQuestion } from '../../../lib/rights.ts'

/** As the address of the page has it. */
export interface ObjectAddress {
  group: string
  kind: string
  namespace: string
  name: string
}

/** Under which names answers about an application are kept; its page keeps its tree by the same ones. */
export function applicationKey({ metadata }: Application, ...question: unknown[]): unknown[] {
  return ['application', metadata.namespace ?? '', metadata.name, ...question]
}

export function objectKey(application: Application, address: ObjectAddress, ...question: unknown[]): unknown[] {
  return applicationKey(application, 'object', addressText(address), ...question)
}

export function addressText({ group, kind, namespace, name }: ObjectAddress): string {
  return [group, kind, namespace, name].join('/')
}

export function addressOf({ group = '', kind = '', namespace = '', name = '' }: Partial<ResourceNode>): ObjectAddress {
  return { group, kind, namespace, name }
}

export function home({ metadata, spec }: Application): { appNamespace?: string; project: string } {
  return { ...(metadata.namespace && { appNamespace: metadata.namespace }), project: spec.project || 'default' }
}

/** As the routes about one live object take it. */
export function objectQuery(application: Application, { name, ...rest }: ObjectAddress, version?: string) {
  return { ...home(application), ...rest, resourceName: name, ...(version && { version }) }
}

/** `controlNamespace`: applications in it are named without theirs. */
export function rightsObject({ metadata, spec }: Application, controlNamespace: string | undefined): string {
  const { name, namespace } = metadata
  const isHome = !namespace || namespace === (controlNamespace ?? 'argocd')
  return [spec.project || 'default', ...(isHome ? [] : [namespace]), name].join('/')
}

export function objectRight(action: string, address: ObjectAddress, object: string): RightQuestion {
  return { resource: 'applications', action: `${action}/${addressText(address)}`, object }
}
