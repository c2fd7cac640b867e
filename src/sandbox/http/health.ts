/** Health, version and the other paths that name no resource. */

import { issuer } from '../access/tokens.ts'
import discovery from '../data/discovery.json' with { type: 'json' }
import checks from '../data/health.json' with { type: 'json' }
import type { Cluster } from '../lifecycle/cluster.ts'
import { type Answer, json, plain } from './answer.ts'
import { type ApiRequest, header } from './request.ts'

const version = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.2',
  gitCommit: '',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'go1.26.10',
  compiler: 'gc',
  platform: 'linux/amd64',
}

const roots = ['/healthz', '/livez', '/readyz']

/** The checks below a root, in the order in which the server makes them. */
function checksOf(root: string): string[] {
  return checks[root.slice(1) as keyof typeof checks]
}

function verbose(root: string, excluded: string[]): string {
  const lines = checksOf(root).map((check) => `[+]${check} ${excluded.includes(check) ? 'excluded: ok' : 'ok'}`)
  return `${lines.join('\n')}\n${root.slice(1)} check passed\n`
}

/** OpenID discovery of the tokens' issuer. */
function openId(host: string) {
  return {
    issuer,
    jwks_uri: `https://${host}/openid/v1/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  }
}

export function healthAnswer(cluster: Cluster, request: ApiRequest, path: string): Answer | undefined {
  if (path === '/') return json({ paths: discovery.rootPaths })
  if (path === '/version') return json(version)
  if (path === '/.well-known/openid-configuration') return json(openId(header(request, 'host')))
  if (path === '/openid/v1/jwks') return json(cluster.tokens.keys())
  if (path === '/metrics') return plain('')
  const root = roots.find((one) => path === one || path.startsWith(`${one}/`))
  if (!root) return undefined
  if (path === root) {
    return plain(request.query.has('verbose') ? verbose(root, request.query.getAll('exclude')) : 'ok')
  }
  return checksOf(root).includes(path.slice(root.length + 1)) ? plain('ok') : undefined
}
