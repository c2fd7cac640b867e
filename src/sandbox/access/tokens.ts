/** The tokens of service accounts: signed, bound to the account's uid, void when it is gone. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
  verify,
} from 'node:crypto'
import type { User } from '../lifecycle/cluster.ts'
import type { KubeObject } from '../object.ts'
import type { Store } from '../store/store.ts'

export const issuer = 'https://kubernetes.default.svc'

interface Claims {
  aud: string[]
  exp: number
  iat: number
  iss: string
  jti: string
  nbf: number
  sub: string
  'kubernetes.io': { namespace: string; serviceaccount: { name: string; uid: string } }
}

/** Of a token that is kept in a Secret. */
type LastingClaims = Record<
  `${typeof lasting}/${'namespace' | 'secret.name' | 'service-account.name' | 'service-account.uid'}`,
  string
>
const lasting = 'kubernetes.io/serviceaccount'

const keyId = 'sandbox'

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

export class TokenIssuer {
  #key: KeyObject | undefined
  readonly #keep: (pem: string) => void

  /** `pem` is the private key kept from an earlier start; without it one is made, and kept, when first needed. */
  constructor(pem?: string, keep: (pem: string) => void = () => {}) {
    if (pem) this.#key = createPrivateKey(pem)
    this.#keep = keep
  }

  #privateKey(): KeyObject {
    if (!this.#key) {
      this.#key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
      this.#keep(String(this.#key.export({ type: 'pkcs8', format: 'pem' })))
    }
    return this.#key
  }

  issue(account: KubeObject, options: { audiences: string[]; seconds: number; now: Date }): string {
    const { namespace = '', name = '', uid = '' } = account.metadata
    const iat = Math.floor(options.now.getTime() / 1000)
    const claims: Claims = {
      aud: options.audiences,
      exp: iat + options.seconds,
      iat,
      iss: issuer,
      jti: randomUUID(),
      nbf: iat,
      sub: `system:serviceaccount:${namespace}:${name}`,
      'kubernetes.io': { namespace, serviceaccount: { name, uid } },
    }
    return this.#signed(claims)
  }

  /** A token that lasts as long as the Secret that keeps it. */
  issueLasting({ metadata: account }: KubeObject, { metadata: secret }: KubeObject): string {
    const { namespace = '', name = '', uid = '' } = account
    const claims: LastingClaims = {
      [`${lasting}/namespace`]: namespace,
      [`${lasting}/secret.name`]: secret.name ?? '',
      [`${lasting}/service-account.name`]: name,
      [`${lasting}/service-account.uid`]: uid,
    } as LastingClaims
    return this.#signed({ iss: lasting, ...claims, sub: `system:serviceaccount:${namespace}:${name}` })
  }

  #signed(claims: object): string {
    const signed = `${encode({ alg: 'RS256', kid: keyId })}.${encode(claims)}`
    return `${signed}.${sign('sha256', Buffer.from(signed), this.#privateKey()).toString('base64url')}`
  }

  /** The user a token stands for; undefined when it is forged, over, or of an account that is gone. */
  userOf(token: string, store: Store, now: Date): User | undefined {
    const [head, body, signature, ...rest] = token.split('.')
    if (!head || !body || !signature || rest.length > 0) return undefined
    const isGenuine = verify(
      'sha256',
      Buffer.from(`${head}.${body}`),
      this.#publicKey(),
      Buffer.from(signature, 'base64url'),
    )
    if (!isGenuine) return undefined
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims | LastingClaims
    if (`${lasting}/namespace` in claims) return lastingUser(claims as LastingClaims, token, store)
    return boundUser(claims as Claims, store, now)
  }

  #publicKey(): KeyObject {
    return createPublicKey(this.#privateKey())
  }

  /** The keys document of OpenID discovery. */
  keys(): object {
    const jwk = this.#publicKey().export({ format: 'jwk' })
    return { keys: [{ use: 'sig', kty: jwk.kty, kid: keyId, alg: 'RS256', n: jwk.n, e: jwk.e }] }
  }
}

function boundUser(claims: Claims, store: Store, now: Date): User | undefined {
  const { namespace, serviceaccount } = claims['kubernetes.io']
  const account = store.bucket('serviceaccounts').get(namespace, serviceaccount.name)
  if (claims.exp * 1000 < now.getTime() || account?.metadata.uid !== serviceaccount.uid) return undefined
  return {
    name: claims.sub,
    uid: serviceaccount.uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    extra: { 'authentication.kubernetes.io/credential-id': [`JTI=${claims.jti}`] },
  }
}

/** It is void when the Secret is gone, or keeps another. */
function lastingUser(claims: LastingClaims, token: string, store: Store): User | undefined {
  const { [`${lasting}/namespace`]: namespace, [`${lasting}/secret.name`]: secretName } = claims
  const { [`${lasting}/service-account.name`]: name, [`${lasting}/service-account.uid`]: uid } = claims
  const account = store.bucket('serviceaccounts').get(namespace, name)
  const secret = store.bucket('secrets').get(namespace, secretName)
  const kept = (secret?.data as Record<string, string> | undefined)?.token ?? ''
  if (account?.metadata.uid !== uid || Buffer.from(kept, 'base64').toString() !== token) return undefined
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    extra: {},
  }
}
