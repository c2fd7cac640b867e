/** Tokens of a GitHub App's installation, by which its repositories are read; renewed shortly before they expire. */
import { createHash, createPrivateKey } from 'node:crypto'
import { SignJWT } from 'jose'
import { messageOf, type RepositoryConnection, StageError } from '../model/index.ts'
import type { Downloader } from './download.ts'
import type { Clock } from './git-listing.ts'
import type { RepositoryAddress } from './repository-address.ts'

export interface GithubTokens {
  token(connection: RepositoryConnection, repository: RepositoryAddress): Promise<string>
}

interface Kept {
  expiresAt: number
  token: Promise<string>
}

/** So long before its end a token is renewed: whatever is begun with it has to end with it. */
const marginMs = 5 * 60_000
const answerLimit = 1024 * 1024

export interface GithubTokensOptions {
  clock: Clock
  /** What reaches the API over the connection's proxy and with its authorities. */
  downloader(connection: RepositoryConnection, url: string): Downloader
}

export function openGithubTokens({ clock, downloader }: GithubTokensOptions): GithubTokens {
  const kept = new Map<string, Kept>()

  async function issue(connection: RepositoryConnection, repository: RepositoryAddress, entry: Kept): Promise<string> {
    const { githubApp } = connection
    if (!githubApp) throw new StageError('source', 'the repository has no GitHub App', { retry: false })
    const base = (githubApp.baseUrl || 'https://api.github.com').replace(/\/+$/, '')
    const headers = {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${await signedBy(githubApp, clock.now())}`,
    }
    const ask = async (path: string, method: 'GET' | 'POST'): Promise<Record<string, unknown>> => {
      const at = downloader(connection, base)
      const { status, body } = await at.get(`${base}${path}`, { headers, limit: answerLimit, method })
      if (status >= 200 && status < 300) return JSON.parse(body.toString('utf8')) as Record<string, unknown>
      const advice = 'check githubAppID, githubAppInstallationID, githubAppPrivateKey and githubAppEnterpriseBaseUrl'
      throw new StageError(
        'source',
        `GitHub gives the app ${githubApp.id} no token (${base}${path} answers ${status}): ${advice}`,
        { retry: status >= 500 },
      )
    }
    const [owner = '', name = ''] = new URL(repository.url).pathname.replace(/^\/|\.git$/g, '').split('/')
    const path = `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}/installation`
    const installation = githubApp.installationId ?? (await ask(path, 'GET')).id
    const answer = await ask(`/app/installations/${encodeURIComponent(String(installation))}/access_tokens`, 'POST')
    entry.expiresAt = Date.parse(String(answer.expires_at)) || clock.now() + 60 * 60_000
    return String(answer.token)
  }

  return {
    token(connection, repository) {
      const { githubApp } = connection
      const place = githubApp?.installationId ? '' : repository.url
      const key = createHash('sha256')
        .update(JSON.stringify([githubApp, place]))
        .digest('hex')
      const known = kept.get(key)
      if (known && clock.now() < known.expiresAt - marginMs) return known.token
      const entry: Kept = { expiresAt: Number.POSITIVE_INFINITY, token: Promise.resolve('') }
      entry.token = issue(connection, repository, entry)
      entry.token.catch(() => kept.delete(key))
      kept.set(key, entry)
      return entry.token
    },
  }
}

async function signedBy({ id, privateKey }: { id: string; privateKey: string }, now: number): Promise<string> {
  try {
    const seconds = Math.floor(now / 1000)
    // A minute back, since clocks differ; ten minutes is the most that GitHub takes.
    return await new SignJWT({})
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(id)
      .setIssuedAt(seconds - 60)
      .setExpirationTime(seconds + 9 * 60)
      .sign(createPrivateKey(privateKey))
  } catch (error) {
    const message = `the private key of the GitHub App ${id} cannot be used (${messageOf(error)}): give the PEM that GitHub made`
    throw new StageError('source', message, { retry: false })
  }
}
