/** `POST /api/webhook`: what Git hosts and registries tell makes the applications it touches be looked at, and no others. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { networkOf } from '../../access/index.ts'
import { instanceName, sourcesOf } from '../../model/index.ts'
import type { Span } from '../../trace/index.ts'
import {
  type Admits,
  type ApplicationIndex,
  affectedApplications,
  indexApplications,
  maxPayloadBytes,
  type ReceivedWebhook,
  readWebhook,
  repositoryMatcher,
  WebhookRefused,
} from '../../webhook/index.ts'
import { ApiError } from '../api-error.ts'
import type { Services } from '../services.ts'
import { openBodyRoom, tooLarge } from './body-room.ts'
import { namedSecrets } from './named-secrets.ts'

export interface WebhookServices extends Pick<Services, 'controlPlane' | 'controller' | 'applicationSets' | 'log'> {
  images: Pick<Services['images'], 'imagePushed'>
  stages: Pick<Services['stages'], 'sources' | 'tracer'>
  /** Whether a version constraint of a source admits a version. */
  admits: Admits
}

/** Of one address; a host that pushes more often than this is told to come back later. */
const perMinute = 600
/** Of a body from its first byte to its last. */
const usualBodyMs = 10_000

export async function serveWebhooks(
  app: FastifyInstance,
  services: WebhookServices,
  { bodyMs = usualBodyMs }: { bodyMs?: number } = {},
): Promise<void> {
  const { controlPlane } = services
  const limit = () => maxPayloadBytes(controlPlane.settings())
  const room = openBodyRoom({ limit, bodyMs })
  const touch = toucher(services)

  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    // It is read below, as far as there is room.
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    scope.addHook('onRequest', async (request) => {
      if (Number(request.headers['content-length'] ?? 0) > limit()) throw tooLarge(limit())
    })
    const options = { config: { rateLimit: { max: perMinute, timeWindow: '1 minute' } } }
    scope.post('/api/webhook', options, async (request, reply) => {
      const { body, release } = await room.receive(request.raw, networkOf(request.ip ?? '')).catch((error: unknown) => {
        // What is left of it is not waited for.
        reply.header('connection', 'close')
        throw error
      })
      reply.raw.once('close', release)
      const received = receive(request, body, services)
      const attributes = { 'http.route': '/api/webhook', 'tiphys.webhook.provider': received.provider }
      services.stages.tracer.trace('POST /api/webhook', { kind: 'server', attributes }, (span) => touch(received, span))
      return reply.type('application/json').send({})
    })
  })
}

function receive(
  { headers, query }: Pick<FastifyRequest, 'headers' | 'query'>,
  body: Buffer,
  { controlPlane }: WebhookServices,
): ReceivedWebhook {
  try {
    return readWebhook({
      headers: single(headers),
      query: single(query as Record<string, unknown>),
      body,
      secrets: namedSecrets(controlPlane),
    })
  } catch (error) {
    if (!(error instanceof WebhookRefused)) throw error
    throw new ApiError(error.status === 401 ? 'Unauthenticated' : 'InvalidArgument', error.message, {
      status: error.status,
    })
  }
}

function single(values: Record<string, unknown>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value].flat().at(-1) as string]))
}

/** What follows from a webhook: repositories are asked anew, once each, for the applications that it touches. */
function toucher({ controlPlane, controller, applicationSets, stages, images, admits, log }: WebhookServices) {
  let index: ApplicationIndex | undefined
  controlPlane.onApplications(() => {
    index = undefined
  })
  return ({ provider, authenticated, events }: ReceivedWebhook, span: Span) => {
    index ??= indexApplications(controlPlane.applications(), admits)
    const known = index
    const touched = new Set(events.flatMap((event) => affectedApplications(event, known)))
    const addresses = [...touched].flatMap(({ spec }) => sourcesOf(spec).map(({ repoURL }) => repoURL))
    for (const address of new Set(addresses)) stages.sources.invalidate(address)
    controller.sourcesMoved([...touched].map((application) => instanceName(application, controlPlane.namespace)))
    for (const event of events) if (event.kind === 'artifact') images.imagePushed(event)
    const isMeant = repositoryMatcher(events, admits)
    const sets = isMeant ? applicationSets.repositoryMoved(isMeant) : 0
    const counts = { events: events.length, applications: touched.size, applicationSets: sets }
    span.set({ 'tiphys.applications': touched.size, 'tiphys.applicationsets': sets })
    log.info({ provider, authenticated, ...counts }, 'a webhook was received')
  }
}
