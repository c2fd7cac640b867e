/** A real OpenID Connect provider on loopback, whose people sign in without being asked, and which misbehaves on demand. */
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, type JWK, SignJWT } from 'jose'
import Provider from 'oidc-provider'

export interface Person {
  sub: string
  name: string
  email: string
  groups: string[]
}

export interface IdentityProviderOptions {
  people: Person[]
  redirectUris: string[]
  /** Seconds that an ID token counts. */
  idTokenTtl?: number
  /** False: `groups` are told by userinfo only. */
  groupsInIdToken?: boolean
  clientAuth?: 'client_secret_basic' | 'client_secret_post'
}

export const clientSecret = 'the-secret-of-the-client'

/** True when it has answered. */
export type Mischief = (request: IncomingMessage, response: ServerResponse) => boolean

export type IdentityProvider = Awaited<ReturnType<typeof startIdentityProvider>>

export async function startIdentityProvider(options: IdentityProviderOptions) {
  let answer: RequestListener = () => {}
  let mischief: Mischief = () => false
  let who = options.people[0]?.sub ?? ''
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://localhost').pathname)
    if (!mischief(request, response)) answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let key = await newKey()
  const adapter = memory()
  open()

  /** With the key that is current; whom it knows stays. */
  function open(): void {
    const provider = new Provider(issuer, configuration(options, [key], adapter))
    const callback = provider.callback()
    answer = (request, response) => {
      if (request.url?.startsWith('/interaction/')) void consent(provider, request, response)
      else callback(request, response)
    }
  }

  /** Signs in and consents at once. */
  async function consent(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { prompt, params, session } = await provider.interactionDetails(request, response)
    if (who === '') {
      const refused = { error: 'access_denied', error_description: '<script>alert(1)</script>' }
      return provider.interactionFinished(request, response, refused)
    }
    if (prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId: who } })
    const grant = new provider.Grant({ accountId: session?.accountId ?? who, clientId: params.client_id })
    grant.addOIDCScope('openid profile email groups offline_access')
    await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } })
  }

  return {
    issuer,
    /** Paths, in order. */
    asked,
    /** Who signs in from now on; nobody: the login is refused. */
    signsIn: (sub: string) => {
      who = sub
    },
    misbehave: (how: Mischief = () => false) => {
      mischief = how
    },
    async rotateKey() {
      key = await newKey()
      open()
    },
    publicKey: (): JWK => {
      const { kty, n, e, kid } = key
      return { kty, n, e, kid } as JWK
    },
    /** Any token, signed with the provider's key. */
    sign(claims: Record<string, unknown>, header: Record<string, unknown> = {}): Promise<string> {
      const seconds = Math.floor(Date.now() / 1000)
      const usual = { iss: issuer, aud: 'tiphys', sub: 'alice', iat: seconds, exp: seconds + 600 }
      return new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: key.kid, ...header })
        .sign(key)
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function newKey(): Promise<JWK> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { ...(await exportJWK(privateKey)), kid: randomUUID(), alg: 'RS256', use: 'sig' }
}

function configuration(options: IdentityProviderOptions, keys: JWK[], adapter: unknown): Record<string, unknown> {
  const { people, redirectUris, idTokenTtl = 600, groupsInIdToken = true } = options
  const client = { grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] }
  return {
    adapter,
    jwks: { keys },
    cookies: { keys: ['cookies'] },
    clients: [
      {
        ...client,
        client_id: 'tiphys',
        client_secret: clientSecret,
        redirect_uris: redirectUris,
        token_endpoint_auth_method: options.clientAuth ?? 'client_secret_basic',
      },
      {
        ...client,
        client_id: 'tiphys-cli',
        // A program on somebody's machine keeps no secret, and may listen on any port.
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        redirect_uris: ['http://localhost/auth/callback'],
      },
    ],
    claims: { openid: ['sub'], profile: ['name'], email: ['email'], groups: ['groups'] },
    scopes: ['openid', 'profile', 'email', 'groups', 'offline_access'],
    // Claims stand in the ID token only where this is off.
    conformIdTokenClaims: !groupsInIdToken,
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      claimsParameter: { enabled: true },
    },
    pkce: { required: () => true },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    ttl: { IdToken: idTokenTtl, AccessToken: 600, RefreshToken: 3600, Session: 3600, Grant: 3600, Interaction: 600 },
    findAccount: (_: unknown, sub: string) => {
      const person = people.find((one) => one.sub === sub)
      return person && { accountId: sub, claims: async () => person }
    },
    renderError: (context: { type: string; body: string }, out: { error: string; error_description?: string }) => {
      context.type = 'text'
      context.body = `${out.error}: ${out.error_description}`
    },
  }
}

/** What the provider keeps, across its restarts. */
function memory() {
  const kept = new Map<string, Record<string, unknown>>()
  return (model: string) => {
    const id = (key: string) => `${model} ${key}`
    const find = (matches: (one: Record<string, unknown>) => boolean) =>
      [...kept].filter(([key]) => key.startsWith(`${model} `)).find(([, one]) => matches(one))?.[1]
    return {
      upsert: async (key: string, payload: Record<string, unknown>) => void kept.set(id(key), payload),
      find: async (key: string) => kept.get(id(key)),
      findByUid: async (uid: string) => find((one) => one.uid === uid),
      findByUserCode: async (code: string) => find((one) => one.userCode === code),
      consume: async (key: string) => {
        const one = kept.get(id(key))
        if (one) one.consumed = Math.floor(Date.now() / 1000)
      },
      destroy: async (key: string) => void kept.delete(id(key)),
      revokeByGrantId: async (grantId: string) => {
        for (const [key, one] of kept) if (one.grantId === grantId) kept.delete(key)
      },
    }
  }
}
