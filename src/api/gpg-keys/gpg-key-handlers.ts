/** The GnuPG keys that commits may be signed with, as argocd-gpg-keys-cm keeps them: by id. */
import { type Action, routes } from '../../contract/index.ts'
import type { Stages } from '../../reconcile/stages.ts'
import { ApiError } from '../api-error.ts'
import { audit } from '../audit/audit.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { settingsMap } from '../settings-map.ts'
import { storedObjects } from '../stored-objects.ts'
import { withoutNulls } from '../without-nulls.ts'

const mapName = 'argocd-gpg-keys-cm'

export function gpgKeyHandlers(services: Services): Handler[] {
  const { controlPlane, stages } = services
  const maps = settingsMap(storedObjects(services), controlPlane.namespace)
  const question = (action: Action) => ({ resource: 'gpgkeys', action, object: '' })
  const kept = () => controlPlane.settings(mapName)

  return [
    handler(routes.gpgKeys.list, async (call) => {
      call.require(question('get'))
      const { keyID } = call.query
      const keys = await Promise.all(Object.entries(kept()).map(([id, text]) => keptKey(id, text, stages)))
      return { metadata: {}, items: keys.filter((key) => !keyID || key.keyID === shortId(keyID)) }
    }),
    handler(routes.gpgKeys.get, async (call) => {
      call.require(question('get'))
      const id = shortId(call.params.keyID)
      const text = Object.entries(kept()).find(([key]) => shortId(key) === id)?.[1]
      if (text === undefined) throw missing(id)
      return { ...(await keptKey(id, text, stages)), keyData: text }
    }),
    handler(routes.gpgKeys.create, async (call) => {
      call.require(question('create'))
      const { keyData = '' } = withoutNulls(call.body)
      if (keyData.trim() === '')
        throw new ApiError('InvalidArgument', 'the request has no keyData: the text of a public key')
      const given = await stages.sources.publicKeys(keyData)
      const known = Object.keys(kept()).map(shortId)
      const added = given.filter(({ id }) => !known.includes(id))
      if (added.length > 0) {
        const entries = added.map(({ id, armoured }) => [id, armoured] as const)
        await maps.update(mapName, (data) => ({ ...Object.fromEntries(entries), ...data }))
        const object = added.map(({ id }) => id).join(', ')
        await audit(call, { reason: 'ResourceCreated', did: 'added GnuPG keys', object }, services)
      }
      const items = added.map((key) => ({ ...shownKey(key), keyData: key.armoured }))
      const skipped = given.filter((key) => !added.includes(key)).map(({ id }) => id)
      return { created: { metadata: {}, items }, skipped }
    }),
    handler(routes.gpgKeys.delete, async (call) => {
      call.require(question('delete'))
      const id = shortId(call.query.keyID ?? '')
      const name = Object.keys(kept()).find((key) => shortId(key) === id)
      if (name === undefined) throw missing(id)
      await maps.update(mapName, ({ [name]: _gone, ...rest }) => rest)
      await audit(call, { reason: 'ResourceDeleted', did: 'deleted GnuPG key', object: id }, services)
      return {}
    }),
  ]
}

type Key = Awaited<ReturnType<Stages['sources']['publicKeys']>>[number]

function shownKey({ id, fingerprint, owner, algorithm }: Key) {
  return { keyID: id, fingerprint, owner, trust: 'unknown', subType: algorithm }
}

/** One that somebody has put there by hand, and that cannot be read, is shown as such. */
async function keptKey(id: string, text: string, { sources }: Stages) {
  const [key] = await sources.publicKeys(text).catch(() => [])
  return key ? shownKey(key) : { keyID: id, fingerprint: '', owner: '', trust: 'unknown', subType: 'invalid' }
}

/** Of a fingerprint, its last 16 digits. */
function shortId(id: string): string {
  if (!/^([0-9a-f]{16}|[0-9a-f]{40})$/i.test(id)) {
    throw new ApiError(
      'InvalidArgument',
      `${JSON.stringify(id)} is no id of a GnuPG key: it has 16 or 40 hexadecimal digits`,
    )
  }
  return id.slice(-16).toUpperCase()
}

function missing(id: string): ApiError {
  return new ApiError('NotFound', `there is no GnuPG key ${id}`)
}
