/** The lasting token of a service account: Kubernetes writes it into a Secret that names the account. */
import { type Clock, systemClock } from '../kube/clock.ts'
import type { KubeClient } from '../kube/kube-client.ts'
import { type KubeObject, StageError } from '../model/index.ts'

const ofAccount = 'kubernetes.io/service-account.name'
const type = 'kubernetes.io/service-account-token'
const waitMs = 30_000
const pauseMs = 200

export interface TokenPlace {
  namespace: string
  account: string
}

/** The Secret of that name is made unless it is there. Resolves to the token. */
export async function lastingToken(
  client: KubeClient,
  { namespace, account }: TokenPlace,
  clock: Clock = systemClock,
): Promise<string> {
  const name = `${account}-long-lived-token`
  const found = await client.get(target(namespace, name))
  const secret = found ?? (await client.create(tokenSecret({ name, namespace }, account)))
  return tokenWritten(client, secret, clock)
}

/** From the token itself, unverified: it is our own. undefined: it is not one that Kubernetes wrote into a Secret. */
function placeOf(token: string): (TokenPlace & { secret: string }) | undefined {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
    const [namespace, secret, account] = ['namespace', 'secret.name', 'service-account.name'].map(
      (name) => claims[`kubernetes.io/serviceaccount/${name}`],
    )
    return [namespace, secret, account].every((value) => typeof value === 'string' && value !== '')
      ? ({ namespace, secret, account } as TokenPlace & { secret: string })
      : undefined
  } catch {
    return undefined
  }
}

export interface NewToken {
  token: string
  /** Voids the old one, once nothing uses it any more. */
  revokeOld(): Promise<void>
}

/** Another token for the same account. Throws a StageError where the present one cannot be exchanged. */
export async function exchangedToken(client: KubeClient, token: string, clock: Clock = systemClock): Promise<NewToken> {
  const place = placeOf(token)
  if (!place) {
    throw new StageError('live', 'its token is not one that Kubernetes keeps in a Secret: give it another by hand', {
      retry: false,
    })
  }
  const { namespace, account, secret } = place
  const made = await client.create(tokenSecret({ name: '', generateName: `${account}-token-`, namespace }, account))
  return {
    token: await tokenWritten(client, made, clock),
    async revokeOld() {
      await client.delete(target(namespace, secret))
    },
  }
}

const target = (namespace: string, name: string) => ({ group: '', version: 'v1', kind: 'Secret', namespace, name })

function tokenSecret(metadata: KubeObject['metadata'], account: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', type, metadata: { ...metadata, annotations: { [ofAccount]: account } } }
}

async function tokenWritten(client: KubeClient, { metadata }: KubeObject, clock: Clock): Promise<string> {
  const { namespace = '', name } = metadata
  const until = clock.now() + waitMs
  for (;;) {
    const found = await client.get(target(namespace, name))
    const token = (found?.data as Record<string, string> | undefined)?.token
    if (token) return Buffer.from(token, 'base64').toString()
    if (clock.now() > until) {
      const message = `the cluster has written no token into the Secret ${namespace}/${name} within ${waitMs / 1000} s`
      throw new StageError('live', message, { retry: true })
    }
    await clock.sleep(pauseMs)
  }
}
