/** What a Git host tells: its repositories, their branches, and pull requests. */
import type { HostApi } from './host-api.ts'

/** One branch of one repository. */
export interface HostBranch {
  branch: string
  sha: string
}

export interface HostRepository {
  organization: string
  repository: string
  /** As the host counts them. */
  id: number
  url: string
  defaultBranch: string
  labels: string[]
}

export interface PullRequest {
  number: number
  title: string
  branch: string
  targetBranch: string
  headSha: string
  labels: string[]
  author: string
}

/** The repositories of an organization. */
export interface RepositoryHost {
  repositories(): Promise<HostRepository[]>
  /** None for a repository in which nothing is yet. */
  branches(repository: HostRepository): Promise<HostBranch[]>
  /** A file or a directory. */
  hasPath(repository: HostRepository, branch: string, path: string): Promise<boolean>
}

/** A part of a generator's spec that means one host. */
export interface HostKind<Spec> {
  /** Where its API is when the spec does not say. */
  publicApi: string | undefined
  /** The address of the API for what is written in `api`. */
  apiOf(address: string): string
  repositories(spec: Spec, context: HostContext): RepositoryHost
  pullRequests(spec: Spec, context: HostContext): Promise<PullRequest[]>
}

export interface HostContext {
  api: HostApi
  /** Whether clones go by HTTPS. */
  isHttps: boolean
}

/** Values of a path, each of which may hold anything. */
export function path(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  return parts.reduce((text, part, index) => text + encodeURIComponent(String(values[index - 1] ?? '')) + part)
}

/** A path of several segments. */
export function segments(text: string): string {
  return text.split('/').map(encodeURIComponent).join('/')
}
