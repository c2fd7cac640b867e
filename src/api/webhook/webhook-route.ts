/** `POST /api/webhook`: what Git hosts and registries tell makes the applications it touches be looked at, and no others. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
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
import { namedSecrets } from './named-secrets.ts'

export interface WebhookServices extends Pick<Services, 'controlPlane' | 'controller' | 'applicationSets' | 'log'> {
  images: Pick<Services['images'], 'imagePushed'>
  stages: Pick<Services['stages'], 'sources' | 'tracer'>
  /** Whether a version constraint of a source admits a version. */
  admits: Admits
}

/** Of one address; a host that pushes more often than this is told to come back later. */
const perMinute = 600
/** Bodies are kept whole until they are read, and anybody may send one. */
const mostAtOnce = 8

export async function serveWebhooks(app: FastifyInstance, services: WebhookServices): Promise<void> {
  const { controlPlane } = services
  const limit = () => maxPayloadBytes(controlPlane.settings())
  let receiving = 0
  const touch = toucher(services)

  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    scope.addHook('onRequest', async (request, reply) => {
      if (Number(request.headers['content-length'] ?? 0) > limit()) throw tooLarge(limit())
      if (receiving >= mostAtOnce) throw new ApiError('Unavailable', 'too many webhooks at once: send it again later')
      receiving++
      reply.raw.once('close', () => receiving--)
    })
    const options = { bodyLimit: limit(), config: { rateLimit: { max: perMinute, timeWindow: '1 minute' } } }
    scope.post('/api/webhook', options, async (request, reply) => {
      const received = receive(request, services)
      const attributes = { 'http.route': '/api/webhook', 'tiphys.webhook.provider': received.provider }
      services.stages.tracer.trace('POST /api/webhook', { kind: 'server', attributes }, (span) => touch(received, span))
      return reply.type('application/json').send({})
    })
  })
}

function receive({ headers, query, body }: FastifyRequest, { controlPlane }: WebhookServices): ReceivedWebhook {
  try {
    return readWebhook({
      headers: single(headers),
      query: single(query as Record<string, unknown>),
      body: body instanceof Buffer ? body : Buffer.alloc(0),
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

function tooLarge(limit: number): ApiError {
  return new ApiError('InvalidArgument', `the payload is larger than ${limit / 2 ** 20} MB`, { status: 413 })
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
