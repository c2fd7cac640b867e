/** Which routes there are: those of the contract, and a few others, for each of which it says why nobody is asked for a right. */
import type { FastifyInstance } from 'fastify'
import { allRoutes } from '../contract/index.ts'
import { pageAddresses } from './web-page.ts'

export const openRoutes: Record<string, string> = {
  ...Object.fromEntries(
    pageAddresses.map((address) => [
      `GET ${address}`,
      'the page is the same for everybody, and holds nothing of the installation',
    ]),
  ),
  'GET /assets/*': 'scripts, styles and fonts of the page',
  'GET /favicon.svg': 'the picture of the page',
  'GET /healthz': 'probes bring no token, and it says no more than that the process lives',
  'GET /readyz': 'probes bring no token, and it says no more than how many things are not ready',
  'GET /swagger.json':
    'it describes the program, which is public, and nothing of the installation; the same in Argo CD',
  'GET /api/badge': 'pages of other sites show badges; nothing is told where statusbadge.enabled is not set',
  'POST /api/webhook': 'hosts prove themselves by a signature of their own, and only cause a look',
  'GET /auth/login': 'nobody has a session before it: it leads to the provider',
  'GET /auth/callback': 'the provider sends browsers here with a code, which is bound to the cookie of the login',
  'GET /auth/logout': 'it ends the session that the cookie proves, after a question where another site has led here',
}

/** To be called before anything is served. Throws at the start, so that nothing is served that nobody has thought of. */
export function refuseUnknownRoutes(app: FastifyInstance): void {
  const ofContract = new Set(allRoutes().map(({ method, path }) => `${method} ${fastifyPath(path)}`))
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) {
      const key = `${one === 'HEAD' ? 'GET' : one} ${url}`
      if (ofContract.has(key) || Object.hasOwn(openRoutes, key)) continue
      throw new Error(`${key} is served, but is neither in the contract nor among the open routes`)
    }
  })
}

export function fastifyPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1').replace(/\{\w+=\*\*\}$/, '*')
}
