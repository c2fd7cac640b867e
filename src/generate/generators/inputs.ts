/** What generators ask the world for; the one who wires the process answers. */
import type { ApplicationSet, KubeObject, SourceTree } from '../../model/index.ts'

import type { HostAccess, HostApi, Http } from '../hosts/host-api.ts'
import type { SecretRef } from '../hosts/secret-ref.ts'

export interface GeneratorInputs {
  /** The Secrets of the clusters that are known. */
  clusterSecrets(): KubeObject[]
  git: GitInput
  host: HostInput
  /** What the ConfigMap of this name says of a plugin; throws where it does not. */
  plugin(configMap: string): Promise<PluginSettings>
}

export interface HostInput {
  settings(): { isEnabled: boolean; allowed: string[] }
  /** Throws where the set may not have it. */
  token(ref: SecretRef, set: ApplicationSet): Promise<string>
  open(access: HostAccess): HostApi
  http: Http
}

export interface PluginSettings {
  baseUrl: string
  token: string
  timeLimitMs: number | undefined
}

export interface GitInput {
  /** The commit that the revision means now; throws where the set may not read the repository. */
  resolve(repoURL: string, revision: string, options: GitResolveOptions): Promise<string>
  tree(repoURL: string, commit: string, options: { set: ApplicationSet; signal: AbortSignal }): Promise<SourceTree>
  /** Files are found as doublestar does, not as git does. */
  newFileGlobbing(): boolean
}

export interface GitResolveOptions {
  /** For which it is read. */
  set: ApplicationSet
  /** What a repository has told before this time of the clock does not count, or longer ago than `maxAgeMs`. */
  notOlderThan: number
  maxAgeMs: number | undefined
  signal: AbortSignal
}
