/** The OpenAPI document of the routes. */
import type { TSchema } from '../model/schema.ts'
import { describedKey, nameKey } from './named.ts'
import { pathNames, type Route } from './route.ts'

type Json = Record<string, unknown>

export function openApi(routes: Route[], version: string): Json {
  const schemas: Record<string, Json> = {}
  const paths: Record<string, Json> = {}
  for (const one of routes) {
    const path = one.path.replace('=**}', '}')
    paths[path] = { ...paths[path], [one.method.toLowerCase()]: operation(one, schemas) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Tiphys', version, license: { name: 'Apache-2.0' } },
    security: [{ token: [] }],
    paths,
    components: {
      schemas: { ...schemas, error: errorSchema },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  }
}

const errorSchema: Json = {
  type: 'object',
  properties: {
    error: { type: 'string' },
    message: { type: 'string' },
    code: { type: 'integer', description: 'gRPC code' },
  },
}

function operation(one: Route, schemas: Record<string, Json>): Json {
  const media = one.streams ? 'application/x-ndjson' : 'application/json'
  return {
    operationId: one.id,
    summary: one.summary,
    tags: [one.id.slice(0, one.id.indexOf('.'))],
    'x-permission': one.permission,
    ...(one.permission === 'public' && { security: [] }),
    parameters: [...pathNames(one.path).map(pathParameter), ...queryParameters(one.query)],
    ...(one.body && {
      requestBody: { required: true, content: { 'application/json': { schema: referring(one.body, schemas) } } },
    }),
    responses: {
      200: { description: 'done', content: { [media]: { schema: referring(one.answer, schemas) } } },
      default: {
        description: 'refused, or failed',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/error' } } },
      },
    },
  }
}

function pathParameter(name: string): Json {
  return { name, in: 'path', required: true, schema: { type: 'string' } }
}

function queryParameters(query: TSchema | undefined): Json[] {
  const { properties = {} } = (query ?? {}) as { properties?: Record<string, TSchema> }
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema: plain(schema) }))
}

/** The schema without what only names it; named ones go to `schemas`, and a reference stays. */
function referring(schema: unknown, schemas: Record<string, Json>): unknown {
  if (Array.isArray(schema)) return schema.map((item) => referring(item, schemas))
  if (typeof schema !== 'object' || schema === null) return schema
  const { [nameKey]: name, [describedKey]: described, ...rest } = schema as Json
  if (described) return referring(described, schemas)
  const inner = () => Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, referring(value, schemas)]))
  if (typeof name !== 'string') return inner()
  if (!schemas[name]) {
    // Taken before it is filled, for schemas that contain themselves.
    schemas[name] = {}
    Object.assign(schemas[name], inner())
  }
  return { $ref: `#/components/schemas/${name}` }
}

function plain(schema: unknown): unknown {
  return referring(schema, {})
}
