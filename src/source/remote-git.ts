/** Runs the git commands that speak to a repository's host, with what its connection gives, and says why one failed. */
import {
  type FoundConnection,
  hasProof,
  type RepositoryConnection,
  StageError,
  withoutPassword,
} from '../model/index.ts'
import { RunError } from '../process/run.ts'
import { noTracer, type Tracer } from '../trace/index.ts'
import type { Git, GitRun } from './git.ts'
import { gitAccess, type HttpProof } from './git-access.ts'
import type { GithubTokens } from './github-app.ts'
import { masked } from './masked.ts'
import { openPrivateFiles } from './private-file.ts'
import { checkProxy, type RepositoryAddress } from './repository-address.ts'
import { certificateProblem } from './server-certificate.ts'

export interface RemoteGit {
  run(args: string[], options?: GitRun): Promise<string>
}

export interface RemoteGitOptions {
  git: Git
  address: RepositoryAddress
  /** As it is now. */
  connection(): FoundConnection['connection']
  githubTokens: GithubTokens
  /** Admits proxies on this machine. */
  allowLocal: boolean
  tracer?: Tracer
}

export function openRemoteGit({
  git,
  address,
  connection: current,
  githubTokens,
  allowLocal,
  tracer = noTracer,
}: RemoteGitOptions): RemoteGit {
  const shown = withoutPassword(address.url)
  const fault = (what: string, retry: boolean, cause?: unknown): StageError =>
    new StageError('source', `cannot read ${shown}: ${what}`, { retry, cause })

  async function proofOf(connection: RepositoryConnection): Promise<HttpProof | undefined> {
    const { username = '', password, bearerToken, githubApp } = connection
    if (address.transport !== 'http') return undefined
    if (githubApp) return { username: 'x-access-token', password: await githubTokens.token(connection, address) }
    // As in Argo CD, a name and a password come before a token.
    if (password) return { username, password }
    return bearerToken ? { bearerToken } : undefined
  }

  async function explained(error: unknown, connection: RepositoryConnection, proof: HttpProof | undefined) {
    if (!(error instanceof RunError)) return error
    const withToken = proof && 'password' in proof ? { ...connection, ...proof } : connection
    const clean = (text: string): string => masked(text, withToken)
    const { message } = error
    if (/host key verification failed/i.test(message)) return fault(hostKeyProblem(message), false)
    const { proxy } = connection
    if (proxy && unproxied.test(message)) {
      const what = `its proxy ${withoutPassword(proxy)} cannot be used`
      return fault(`${what}: check proxy of the repository (${said(clean(message))})`, true)
    }
    if (refused.test(message) && (hasProof(connection) || proof)) {
      return fault(
        `its host refuses the credentials that are registered for it: renew them (${said(clean(message))})`,
        false,
      )
    }
    if (/certificate|ssl|tls/i.test(message) && address.transport === 'http') {
      const problem = await certificateProblem(address.url, connection)
      if (problem) return fault(problem, false)
    }
    return new RunError(error.failure, withoutDebugging(clean(message)), withoutDebugging(clean(error.stderr)))
  }

  return {
    async run(args, options = {}) {
      const connection = current()
      if (connection.unsupported) throw fault(connection.unsupported, false)
      if (address.transport === 'ssh' && connection.proxy) {
        throw fault('a proxy for SSH is not supported: remove proxy from the repository, or use HTTPS', false)
      }
      await checkProxy(connection.proxy, allowLocal)
      const proof = await proofOf(connection)
      const files = openPrivateFiles()
      try {
        const environment = gitAccess({ address, connection, proof, files, noAuthorities: git.noAuthorities })
        return await tracer.request(commandOf(args), { 'server.address': address.host || undefined }, () =>
          git.run(args, { ...options, environment }),
        )
      } catch (error) {
        throw await explained(error, connection, proof)
      } finally {
        files.close()
      }
    },
  }
}

/** The flags before it name folders of ours. */
function commandOf(args: string[]): string {
  return `git ${args.find((arg) => ['ls-remote', 'fetch', 'push'].includes(arg)) ?? ''}`.trim()
}

const refused =
  /authentication failed|could not read (username|password)|permission denied \(|returned error: 40[13]|terminal prompts disabled/i

/** With a proxy, that is what git connects to. */
const unproxied =
  /CONNECT tunnel failed|from proxy after CONNECT|failed to connect|could not resolve proxy|connection refused/i

/** ssh names the key that it was shown, and whether it knows another one. */
function hostKeyProblem(message: string): string {
  const [, type = '', fingerprint = ''] = /Server host key: (\S+) (SHA256:\S+)/.exec(message) ?? []
  const key = fingerprint ? `${type} ${fingerprint}` : 'that it shows'
  return /REMOTE HOST IDENTIFICATION HAS CHANGED/.test(message)
    ? `its host shows another SSH key than the known one, ${key}: somebody may stand in between. If the host has a new key, replace the known one in argocd-ssh-known-hosts-cm`
    : `its host's SSH key ${key} is not known: check with its operator that this is the fingerprint, and add the key to argocd-ssh-known-hosts-cm`
}

function withoutDebugging(text: string): string {
  return text
    .replace(
      /^(debug\d: .*|OpenSSH_.*|Authenticated to .*|Authenticating to .*|Transferred: .*|Bytes per second: .*)\r?\n?/gm,
      '',
    )
    .trim()
}

function said(message: string): string {
  return withoutDebugging(message).split('\n').slice(-2).join(' ')
}
