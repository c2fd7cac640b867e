/**
 * What one git command gets to reach a repository with. Neither its arguments nor its environment hold a secret, only the
 * paths of private files: settings that git includes, keys and certificates.
 */
import { type RepositoryConnection, StageError } from '../model/index.ts'
import type { PrivateFiles } from './private-file.ts'
import type { RepositoryAddress } from './repository-address.ts'

/** A name and a password, or a token: what is sent to an HTTP server unasked. */
export type HttpProof = { username: string; password: string } | { bearerToken: string }

export interface GitAccessOptions {
  address: RepositoryAddress
  connection: RepositoryConnection
  proof: HttpProof | undefined
  files: PrivateFiles
  noAuthorities: string
}

/** The part of the environment that differs from command to command. */
export function gitAccess(options: GitAccessOptions): Record<string, string> {
  const { transport } = options.address
  if (transport === 'http') return httpAccess(options)
  return transport === 'ssh' ? sshAccess(options) : {}
}

/** The value of an Authorization header. */
export function authorization(proof: HttpProof): string {
  if ('bearerToken' in proof) return `Bearer ${proof.bearerToken}`
  return `Basic ${Buffer.from(`${proof.username}:${proof.password}`).toString('base64')}`
}

function httpAccess({ address, connection, proof, files, noAuthorities }: GitAccessOptions): Record<string, string> {
  const { insecure, authorities, clientCertificate, proxy, noProxy } = connection
  const settings: [name: string, value: string][] = []
  if (proof) settings.push(['extraHeader', `Authorization: ${authorization(proof)}`])
  if (insecure) settings.push(['sslVerify', 'false'])
  if (clientCertificate) {
    settings.push(['sslCert', files.add(clientCertificate.certificate)], ['sslKey', files.add(clientCertificate.key)])
  }
  if (proxy) settings.push(['proxy', proxy])
  const environment: Record<string, string> = {}
  if (authorities) {
    environment.GIT_SSL_CAINFO = files.add(authorities)
    // Or git built with GnuTLS trusts the whole of the system's folder as well, and reads it for each command.
    environment.GIT_SSL_CAPATH = noAuthorities
  }
  if (proxy || noProxy) Object.assign(environment, { NO_PROXY: noProxy ?? '', no_proxy: noProxy ?? '' })
  if (settings.length === 0) return environment
  // For this one host, so that nothing is sent to another even if git went there.
  const lines = settings.map(([name, value]) => `\t${name} = ${quoted(value)}\n`)
  const section = `[http ${quoted(`${new URL(address.url).origin}/`)}]\n${lines.join('')}`
  return {
    ...environment,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'include.path',
    GIT_CONFIG_VALUE_0: files.add(section),
  }
}

function quoted(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000-\u001f\u007f]/.test(value)) {
    const message = 'the credentials of the repository contain a line break or a control character: write them anew'
    throw new StageError('source', message, { retry: false })
  }
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** What ssh says of the key that a host has shown is only said this loudly. */
const always = ['-F', '/dev/null', '-oBatchMode=yes', '-oConnectTimeout=15', '-oLogLevel=DEBUG1', '-oUpdateHostKeys=no']

function sshAccess({ connection, files }: GitAccessOptions): Record<string, string> {
  const { sshPrivateKey, knownHosts, insecureIgnoreHostKey } = connection
  const options = [...always]
  if (insecureIgnoreHostKey) options.push('-oStrictHostKeyChecking=no', '-oUserKnownHostsFile=/dev/null')
  else {
    options.push('-oStrictHostKeyChecking=yes')
    if (knownHosts !== undefined) options.push(`-oUserKnownHostsFile=${files.add(`${knownHosts}\n`)}`)
  }
  if (knownHosts !== undefined) options.push('-oGlobalKnownHostsFile=/dev/null', '-oIdentityAgent=none')
  if (sshPrivateKey) {
    // ssh does not read a key whose last line does not end.
    options.push('-oIdentitiesOnly=yes', '-i', files.add(`${sshPrivateKey.trim()}\n`))
  } else if (knownHosts !== undefined) options.push('-oPubkeyAuthentication=no')
  return { GIT_SSH_COMMAND: `ssh ${options.join(' ')}` }
}
