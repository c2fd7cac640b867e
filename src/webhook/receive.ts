/** From a request to what it tells: who sent it, whether it may speak, and only then what it says. */
import { secretLookup } from './configured-secrets.ts'
import { type WebhookEvent, WebhookRefused } from './event.ts'
import type { Provider } from './provider.ts'
import { azureDevOps } from './providers/azure-devops.ts'
import { bitbucketCloud } from './providers/bitbucket-cloud.ts'
import { bitbucketServer } from './providers/bitbucket-server.ts'
import { dockerHub } from './providers/docker-hub.ts'
import { ghcr } from './providers/ghcr.ts'
import { gitea } from './providers/gitea.ts'
import { github } from './providers/github.ts'
import { gitlab } from './providers/gitlab.ts'
import { gogs } from './providers/gogs.ts'
import { harbor } from './providers/harbor.ts'
import { quay } from './providers/quay.ts'
import { envelopeOf, parseBody, type WebhookRequest } from './request.ts'

/**
 * The first that detects a request has it; that it then fails to prove itself does not make it another's. Gitea sends the
 * headers of Gogs and GitHub too, Gogs those of GitHub, and Bitbucket Cloud that of Bitbucket Server.
 */
const providers: Provider[] = [
  azureDevOps,
  gitea,
  gogs,
  ghcr,
  github,
  gitlab,
  bitbucketCloud,
  bitbucketServer,
  dockerHub,
  quay,
  harbor,
]

/** Reading a body costs time, and without a secret anyone can send one. */
const mostUnguarded = 5 * 1024 * 1024

/** The changes in one push; each is held against every application of the repository. */
const mostEvents = 1000

export interface ReceivedWebhook {
  provider: string
  /** Whether the sender proved itself; false where no secret is configured for a Git host. */
  authenticated: boolean
  /** Empty when nothing needs to be done. */
  events: WebhookEvent[]
}

export function detectProvider(request: Pick<WebhookRequest, 'headers' | 'query'>): string | undefined {
  return find(request)?.name
}

function find(request: Pick<WebhookRequest, 'headers' | 'query'>): Provider | undefined {
  const envelope = envelopeOf(request)
  return providers.find((provider) => provider.detects(envelope))
}

/** Throws WebhookRefused, and nothing else. */
export function readWebhook(request: WebhookRequest): ReceivedWebhook {
  const provider = find(request)
  if (!provider)
    throw new WebhookRefused(
      400,
      'It is not known who sends this: use a Git host or registry that is supported; for Docker Hub and Quay add registry=dockerhub or registry=quay to the address.',
    )
  const delivery = { ...envelopeOf(request), body: request.body }
  const verdict = provider.authenticates(delivery, secretLookup(request.secrets))
  if (verdict === 'forged')
    throw new WebhookRefused(401, 'The signature or token is missing or wrong: compare the secrets.')
  if (verdict === 'unguarded') checkUnguarded(provider, request.body)
  const events = provider.read(parseBody(delivery), delivery)
  if (events.length > mostEvents) throw new WebhookRefused(413, `The payload names more than ${mostEvents} changes.`)
  return { provider: provider.name, authenticated: verdict === 'authentic', events }
}

function checkUnguarded({ requiredSecret }: Provider, body: Buffer): void {
  if (requiredSecret !== undefined)
    throw new WebhookRefused(401, `Webhooks of this registry need a secret: set ${requiredSecret} in argocd-secret.`)
  if (body.length > mostUnguarded)
    throw new WebhookRefused(413, 'The payload is larger than 5 MB, which needs a secret: set one in argocd-secret.')
}

/** `webhook.maxPayloadSizeMB` of argocd-cm; beyond it a body is not even received. */
export function maxPayloadBytes(settings: Record<string, string>): number {
  const megabytes = Number(settings['webhook.maxPayloadSizeMB'] ?? '')
  return (Number.isSafeInteger(megabytes) && megabytes > 0 ? megabytes : 50) * 1024 * 1024
}
