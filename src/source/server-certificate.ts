/** Why a server's certificate is not trusted: git's own words for it are the same whatever is wrong. */
import { connect, type TLSSocket } from 'node:tls'
import type { RepositoryConnection } from '../model/index.ts'

const timeLimitMs = 5_000

/** Undefined when nothing is wrong with it, or the server cannot be asked. */
export async function certificateProblem(url: string, connection: RepositoryConnection): Promise<string | undefined> {
  const { hostname, port, protocol } = new URL(url)
  if (protocol !== 'https:' || connection.proxy) return undefined
  const host = hostname.replace(/^\[|\]$/g, '')
  const { clientCertificate: own, authorities } = connection
  return new Promise((resolve) => {
    const socket: TLSSocket = connect({
      host,
      port: Number(port || 443),
      rejectUnauthorized: false,
      timeout: timeLimitMs,
      ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
      ...(authorities && { ca: authorities }),
      ...(own && { cert: own.certificate, key: own.key }),
    })
    const end = (problem?: string): void => {
      socket.destroy()
      resolve(problem)
    }
    socket.once('secureConnect', () => {
      const { valid_to: until, fingerprint256 } = socket.getPeerCertificate()
      const code = socket.authorizationError as unknown as string | undefined
      end(code ? inWords(String(code), { until, fingerprint256 }) : undefined)
    })
    socket.once('timeout', () => end())
    socket.once('error', () => end())
  })
}

function inWords(code: string, { until, fingerprint256 }: { until: string; fingerprint256: string }): string {
  const advice = 'add its authority to argocd-tls-certs-cm under the name of the host'
  if (code === 'CERT_HAS_EXPIRED') return `its host's certificate has expired (${until}): it has to be renewed there`
  if (code === 'CERT_NOT_YET_VALID') return "its host's certificate is not valid yet: check the clocks"
  if (/ALTNAME/.test(code)) return "its host's certificate is for another name: check repoURL"
  if (/SELF_SIGNED|UNABLE_TO|SIGNATURE_FAILURE/.test(code)) {
    return `its host's certificate is signed by an authority that is not trusted (${code}, SHA-256 ${fingerprint256}): ${advice}`
  }
  return `its host's certificate is not trusted (${code}): ${advice}`
}
