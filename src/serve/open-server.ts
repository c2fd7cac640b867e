/** The API over the stages: its handlers, its certificate, who may call. */
import proxyAddr from '@fastify/proxy-addr'
import type { FastifyInstance } from 'fastify'
import { serveBadge } from '../api/badge-route.ts'
import { allHandlers } from '../api/handlers.ts'
import { type Server, startServer } from '../api/server.ts'
import type { Services } from '../api/services.ts'
import { ssoRoutes } from '../api/sso/sso-routes.ts'
import { serveTerminal } from '../api/terminal/terminal-route.ts'
import type { KeyPair } from '../api/tls/certificate.ts'
import { servePage } from '../api/web-page.ts'
import { serveWebhooks } from '../api/webhook/webhook-route.ts'
import { parseConstraint, parseVersion } from '../model/version-constraint.ts'
import { packageFile } from '../process/package-file.ts'
import { firstCertificate, usableCertificate } from './served-certificate.ts'

export interface ServerPlace {
  host: string
  /** 0 takes a free one. */
  port: number
  /** Connections are not encrypted: for a proxy in front that does it, and for trying out. */
  insecure: boolean
  /** Addresses of proxies in front that are believed when they say whose request it is. */
  trustedProxies?: string[]
}

export interface ServerInputs extends ServerPlace {
  services: Services
  problems(): string[]
}

export interface OpenServer extends Pick<Server, 'url' | 'close'> {
  /** A Secret of the control namespace has changed. */
  secretChanged(name: string): void
}

export async function openServer({ services, insecure, ...options }: ServerInputs): Promise<OpenServer> {
  const { access, log, version, controlPlane } = services
  const source = { secret: controlPlane.secret, warn: (message: string) => log.warn({}, message) }
  const certificate = insecure ? undefined : await firstOf(services, source)
  const server = await startServer({
    ...options,
    ...(certificate && { certificate }),
    version,
    handlers: allHandlers(services),
    access,
    tracer: services.stages.tracer,
    more: (app, stopping) => serveMore(app, services, { stopping, trustedProxies: options.trustedProxies ?? [] }),
    log,
  })
  let served = certificate?.cert
  return {
    url: server.url,
    close: server.close,
    secretChanged(name) {
      if (insecure || (name !== 'argocd-server-tls' && name !== 'argocd-secret')) return
      const next = usableCertificate(source)
      if (!next || next.cert === served) return
      served = next.cert
      server.useCertificate(next)
      log.info({ secret: name }, 'the API serves with another certificate from now on')
    },
  }
}

async function serveMore(
  app: FastifyInstance,
  services: Services,
  { stopping, trustedProxies }: { stopping: AbortSignal; trustedProxies: string[] },
): Promise<void> {
  const { access, oidc, log } = services
  const isTrusted = proxyAddr.compile(trustedProxies)
  ssoRoutes(app, { oidc, log, signOut: async (token) => access.signOut(await access.callerOf(token)) })
  await serveWebhooks(app, { ...services, admits })
  serveBadge(app, services)
  if (!(await servePage(app, packageFile('dist/web')))) {
    log.warn({}, 'there is no page to serve: npm run build makes it')
  }
  // Upgrades do not pass through the framework, which would know.
  serveTerminal(app.server, services, { stopping, addressOf: (request) => proxyAddr(request, isTrusted) })
}

function admits(constraint: string, version: string): boolean {
  const parsed = parseVersion(version)
  return parsed !== undefined && parseConstraint(constraint)?.matches(parsed) === true
}

type Source = Pick<Parameters<typeof firstCertificate>[0], 'secret' | 'warn'>

function firstOf({ client, controlPlane }: Services, source: Source): Promise<KeyPair> {
  const target = { group: '', version: 'v1', kind: 'Secret', namespace: controlPlane.namespace, name: 'argocd-secret' }
  return firstCertificate({
    ...source,
    namespace: controlPlane.namespace,
    now: new Date(),
    async keep({ cert, key }) {
      const encoded = (text: string) => Buffer.from(text).toString('base64')
      const data = { 'tls.crt': encoded(cert), 'tls.key': encoded(key) }
      await client.patch(target, { data }, { type: 'merge' })
    },
  })
}
