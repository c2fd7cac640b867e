/** Which certificate the API serves with, from the start and whenever its Secret changes. */
import { checkCertificate, givenCertificate, type KeyPair, selfSigned } from '../api/tls/certificate.ts'
import { messageOf } from '../model/index.ts'

export interface CertificateSource {
  /** Decoded data of a Secret of the control namespace. */
  secret(name: string): Record<string, string> | undefined
  /** Keeps a certificate of our own making in `argocd-secret`. */
  keep(pair: KeyPair): Promise<void>
  namespace: string
  now: Date
  warn(message: string): void
}

/** One that cannot be used is reported, and one of our own making takes its place: nobody is locked out by it. */
export async function firstCertificate(source: CertificateSource): Promise<KeyPair> {
  const given = usableCertificate(source)
  if (given) return given
  const made = await selfSigned(source.namespace, source.now)
  if (!givenCertificate(source.secret)) await source.keep(made)
  return made
}

/** undefined: none is given, or what is given is of no use. */
export function usableCertificate({ secret, warn }: Pick<CertificateSource, 'secret' | 'warn'>): KeyPair | undefined {
  const given = givenCertificate(secret)
  try {
    if (given) checkCertificate(given)
    return given
  } catch (error) {
    warn(`the certificate of the API cannot be used: ${messageOf(error)}: correct argocd-server-tls or argocd-secret`)
    return undefined
  }
}
