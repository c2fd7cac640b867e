/** The certificate to serve with: the one an installation gives, or one made once and kept beside the session key. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { generate } from 'selfsigned'

export interface KeyPair {
  /** PEM, with the chain. */
  cert: string
  key: string
}

type Data = Record<string, string> | undefined

/** As in Argo CD: the Secret `argocd-server-tls` comes first, then `argocd-secret`; undefined where neither has a pair. */
export function givenCertificate(secret: (name: string) => Data): KeyPair | undefined {
  for (const name of ['argocd-server-tls', 'argocd-secret']) {
    const { 'tls.crt': cert, 'tls.key': key } = secret(name) ?? {}
    if (cert && key) return { cert, key }
  }
  return undefined
}

/** Throws when the two do not belong together: a server would refuse every connection with them. */
export function checkCertificate({ cert, key }: KeyPair): void {
  const parsed = new X509Certificate(cert)
  if (!parsed.checkPrivateKey(createPrivateKey(key))) throw new Error('the key does not belong to the certificate')
}

const yearMs = 365 * 86_400_000

/** For the names that an installation is reached by within its cluster; browsers have to be told to trust it. */
export async function selfSigned(namespace: string, now: Date): Promise<KeyPair> {
  const names = [
    'localhost',
    ...['', `.${namespace}`, `.${namespace}.svc`, `.${namespace}.svc.cluster.local`].map(
      (end) => `argocd-server${end}`,
    ),
  ]
  const made = await generate([{ name: 'organizationName', value: 'Tiphys' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(now.getTime() - 3_600_000),
    notAfterDate: new Date(now.getTime() + yearMs),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [...names.map((value) => ({ type: 2 as const, value })), { type: 7 as const, ip: '127.0.0.1' }],
      },
    ],
  })
  return { cert: made.cert, key: made.private }
}
