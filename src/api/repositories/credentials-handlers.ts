/** Credentials for all repositories whose address begins alike, for reading and for writing. */

import { deepEqual } from 'fast-equals'
import { routes } from '../../contract/index.ts'
import { ApiError } from '../api-error.ts'
import { audit } from '../audit/audit.ts'
import { differentSpec } from '../different-spec.ts'
import { type Handler, handler } from '../handler.ts'
import { isTrue } from '../secret-fields.ts'
import type { Services } from '../services.ts'
import { storedObjects } from '../stored-objects.ts'
import { withoutNulls } from '../without-nulls.ts'
import { coveredLength } from './credentials-prefix.ts'
import { repositoryQuestion } from './find-repository.ts'
import { type CredentialsFields, givenFields } from './repository-fields.ts'
import { type CredentialsRecord, credentialsRecords, type Purpose } from './repository-records.ts'
import { credentialsPatch, credentialsSecret } from './repository-secret.ts'
import { normalisedUrl, shownUrl } from './repository-url.ts'

export function repositoryCredentialsHandlers(services: Services): Handler[] {
  return (['read', 'write'] as const).flatMap((purpose) => handlersFor(purpose, services))
}

function handlersFor(purpose: Purpose, services: Services): Handler[] {
  const { controlPlane } = services
  const stored = storedObjects(services)
  const of = purpose === 'read' ? routes.repositoryCredentials : routes.writeRepositoryCredentials
  const recordOf = (url: string) =>
    credentialsRecords(controlPlane, purpose).find((one) => normalisedUrl(one.url) === normalisedUrl(url))
  const question = (url: string, action: Parameters<typeof repositoryQuestion>[1]['action']) =>
    repositoryQuestion({ url }, { action, purpose })

  async function update(
    call: Parameters<typeof audit>[0],
    { secret: before, url }: CredentialsRecord,
    fields: CredentialsFields,
  ) {
    const after = await stored.change(before, (current) => credentialsPatch(current, { ...fields, url }, purpose))
    await audit(
      call,
      { reason: 'ResourceUpdated', did: 'updated repository credentials', object: shownUrl(url), before, after },
      services,
    )
  }

  return [
    handler(of.list, async (call) => {
      const visible = call.visible(credentialsRecords(controlPlane, purpose), ({ url }) => question(url, 'get'))
      return { metadata: {}, items: visible.filter(({ url }) => !call.query.url || url === call.query.url).map(shown) }
    }),
    handler(of.create, async (call) => {
      const fields = readCredentials(call.body)
      const { url = '' } = fields
      call.require(question(url, 'create'))
      const existing = recordOf(url)
      if (existing && deepEqual(givenFields('credentials', existing.fields), fields)) return { url: shownUrl(url) }
      if (existing && !call.query.upsert) throw differentSpec('repository credentials')
      if (existing) {
        call.require(question(existing.url, 'update'))
        await update(call, existing, fields)
      } else {
        const after = await stored.create(credentialsSecret(fields, { purpose, namespace: controlPlane.namespace }))
        await audit(
          call,
          { reason: 'ResourceCreated', did: 'added repository credentials', object: shownUrl(url), after },
          services,
        )
      }
      return { url: shownUrl(url) }
    }),
    handler(of.update, async (call) => {
      const fields = readCredentials({ ...call.body, url: call.params.url })
      const { url = '' } = fields
      call.require(question(url, 'update'))
      await update(call, existing(recordOf(url), url), fields)
      return { url: shownUrl(url) }
    }),
    handler(of.delete, async (call) => {
      const { url } = call.params
      call.require(question(url, 'delete'))
      const { secret: before } = existing(recordOf(url), url)
      await stored.removeSecret(before)
      await audit(
        call,
        { reason: 'ResourceDeleted', did: 'deleted repository credentials', object: shownUrl(url), before },
        services,
      )
      return {}
    }),
  ]
}

function shown({ url, fields }: CredentialsRecord) {
  const { username, type } = fields
  return {
    url: shownUrl(url),
    ...(username && { username }),
    ...(type && { type }),
    ...(isTrue(fields.enableOCI) && { enableOCI: true }),
  }
}

/** Throws InvalidArgument. */
function readCredentials(given: object): CredentialsFields {
  const fields = givenFields('credentials', withoutNulls(given))
  if (!fields.url)
    throw new ApiError('InvalidArgument', 'credentials need url: how the addresses begin that they are for')
  if (coveredLength(fields.url, fields.url) === undefined)
    throw new ApiError(
      'InvalidArgument',
      `${shownUrl(fields.url)} names no host: credentials are for the addresses of one`,
    )
  return fields
}

function existing(record: CredentialsRecord | undefined, url: string): CredentialsRecord {
  if (!record) throw new ApiError('NotFound', `there are no credentials for ${shownUrl(url)}`)
  return record
}
