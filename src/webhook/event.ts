/** What a webhook has to tell, whoever sent it, and how one is refused. */

export interface GitEvent {
  kind: 'git'
  /** Every spelling of the repository's address that was given: web page, HTTPS, SSH. */
  urls: string[]
  /** The branch or tag, without `refs/heads/` or `refs/tags/`; any other ref by its full name. */
  ref: string
  refKind: 'branch' | 'tag' | 'unknown'
  /** The commit it was at; all zeros when it is new. */
  before: string
  /** The commit it is at; all zeros when it is gone. */
  after: string
  defaultBranch?: string
  /** Whether HEAD moved with it; true as well where the sender does not say which branch HEAD is. */
  touchedHead: boolean
  /** Unknown whenever the list is not given, or may not be all of it. */
  changedFiles: string[] | 'unknown'
}

/** An image or a chart: no registry says which of the two. */
export interface ArtifactEvent {
  kind: 'artifact'
  registry: string
  repository: string
  tag: string
  digest?: string
}

export type WebhookEvent = GitEvent | ArtifactEvent

/** The only error that a webhook's reading ends with; its message may be told to the sender. */
export class WebhookRefused extends Error {
  readonly status: 400 | 401 | 413

  constructor(status: 400 | 401 | 413, message: string) {
    super(message)
    this.name = 'WebhookRefused'
    this.status = status
  }
}
