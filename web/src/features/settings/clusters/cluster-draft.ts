/** A cluster while it is filled in, and what of it is sent. Pure. */
import { linesOfPairs, pairsOfLines } from '../parts/pairs.ts'
import type { Cluster } from './ask-clusters.ts'

/** `kept`: how it is reached stays as it is; the API shows no credentials, so it could not be sent again. */
export const methods = ['kept', 'token', 'certificate'] as const
export type Method = (typeof methods)[number]

export interface ClusterDraft {
  server: string
  name: string
  method: Method
  token: string
  certificate: string
  key: string
  authority: string
  /** Under which name its certificate is checked, where that is not the one of the address. */
  serverName: string
  insecure: boolean
  namespaces: string[]
  clusterResources: boolean
  project: string
  labels: string[]
  annotations: string[]
}

/** Without a cluster, that of a new one. */
export function clusterDraft(cluster?: Cluster): ClusterDraft {
  const { server = '', name = '', namespaces = [], clusterResources = false, project = '' } = cluster ?? {}
  const { insecure = false, serverName = '' } = cluster?.config?.tlsClientConfig ?? {}
  return {
    server,
    name: name === server ? '' : name,
    method: cluster ? 'kept' : 'token',
    token: '',
    certificate: '',
    key: '',
    authority: '',
    serverName,
    insecure,
    namespaces,
    clusterResources,
    project,
    labels: linesOfPairs(cluster?.labels),
    annotations: linesOfPairs(cluster?.annotations),
  }
}

export type ClusterField = 'server' | 'token' | 'certificate' | 'key' | 'authority'
export type ClusterProblem = 'address' | 'missing' | 'pem'

export function clusterProblems(draft: ClusterDraft): Map<ClusterField, ClusterProblem> {
  const { method, insecure, authority } = draft
  const problems = new Map<ClusterField, ClusterProblem>()
  if (!isAddress(draft.server.trim())) problems.set('server', 'address')
  if (method === 'kept') return problems
  if (method === 'token' && draft.token.trim() === '') problems.set('token', 'missing')
  if (method === 'certificate') {
    for (const field of ['certificate', 'key'] as const) if (!isPem(draft[field])) problems.set(field, 'pem')
  }
  if (!insecure && authority.trim() !== '' && !isPem(authority)) problems.set('authority', 'pem')
  return problems
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

function isPem(text: string): boolean {
  return /^\s*-----BEGIN [A-Z ]+-----[\sA-Za-z0-9+/=:,-]+-----END [A-Z ]+-----\s*$/.test(text)
}

/** Only what belongs to the way of signing in that is chosen. */
export function clusterBody(draft: ClusterDraft) {
  const { namespaces, clusterResources } = draft
  return {
    server: draft.server.trim(),
    name: draft.name.trim(),
    project: draft.project.trim(),
    namespaces,
    clusterResources: namespaces.length > 0 && clusterResources,
    labels: pairsOfLines(draft.labels),
    annotations: pairsOfLines(draft.annotations),
    ...(draft.method !== 'kept' && { config: configOf(draft) }),
  }
}

function configOf({ method, token, certificate, key, authority, serverName, insecure }: ClusterDraft) {
  const pem = (text: string) => btoa(`${text.trim()}\n`)
  return {
    ...(method === 'token' && { bearerToken: token.trim() }),
    tlsClientConfig: {
      insecure,
      ...(serverName.trim() && { serverName: serverName.trim() }),
      // Whoever checks nothing has nothing to check it with.
      ...(!insecure && authority.trim() && { caData: pem(authority) }),
      ...(method === 'certificate' && { certData: pem(certificate), keyData: pem(key) }),
    },
  }
}

/** What an update names: all else stays. */
export function updatedFields({ method }: ClusterDraft): string[] {
  const told = ['name', 'namespaces', 'clusterResources', 'labels', 'annotations', 'project']
  return method === 'kept' ? told : [...told, 'config']
}
