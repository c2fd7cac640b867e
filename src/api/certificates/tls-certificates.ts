/** TLS certificates as argocd-tls-certs-cm keeps them: by host, each a text of PEM blocks. */
import { X509Certificate } from 'node:crypto'

export interface CertificateInfo {
  /** Algorithm of the key, lower case; `invalid` when it cannot be read. */
  subType: string
  /** The subject, or why it cannot be read. */
  info: string
}

const mostCertificates = 256

/** Throws an Error that says what is wrong. */
export function certificatesIn(text: string): string[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
  if (blocks.length > mostCertificates) throw new Error(`it holds more than ${mostCertificates} certificates`)
  return blocks.map((block) => `${block}\n`)
}

export function certificateInfo(pem: string): CertificateInfo {
  try {
    const { subject, publicKey } = new X509Certificate(pem)
    return {
      subType: algorithms[publicKey.asymmetricKeyType ?? ''] ?? publicKey.asymmetricKeyType ?? '',
      info: asGoWrites(subject),
    }
  } catch {
    return { subType: 'invalid', info: 'could not parse X509 data from input' }
  }
}

const algorithms: Record<string, string> = { rsa: 'rsa', ec: 'ecdsa', ed25519: 'ed25519', dsa: 'dsa' }

/** `CN=host,O=org`: the last comes first, and commas within are escaped. Node has one attribute a line. */
function asGoWrites(subject: string): string {
  return subject
    .split('\n')
    .reverse()
    .map((attribute) => attribute.replace(/[,+"\\<>;]/g, '\\$&'))
    .join(',')
}
