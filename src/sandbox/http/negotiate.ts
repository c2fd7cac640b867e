/** Content negotiation: which representation a request's Accept header asks for. */
import { StatusError } from '../status.ts'

export interface Representation {
  encoding: 'json' | 'yaml'
  /** What the object is turned into; 'object' leaves it as it is. */
  as: 'object' | 'table' | 'metadata' | 'metadata-list'
  /** The media type without parameters that the answer is sent as. */
  mediaType: string
}

interface MediaRange {
  type: string
  parameters: Record<string, string>
  quality: number
}

export function parseAccept(header: string): MediaRange[] {
  return header
    .split(',')
    .map((part) => {
      const [type = '', ...pairs] = part.split(';').map((piece) => piece.trim())
      const parameters = Object.fromEntries(pairs.map((pair) => [pair.split('=')[0], pair.split('=')[1] ?? '']))
      return { type, parameters, quality: parameters.q === undefined ? 1 : Number(parameters.q) }
    })
    .filter(({ type }) => type !== '')
    .sort((a, b) => b.quality - a.quality)
}

const available =
  'application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch'

export function notAcceptable(): StatusError {
  const message = `406: Not Acceptable\n\nAvailable representations: ${available}`
  return new StatusError({ message, reason: 'NotAcceptable', details: {}, code: 406 })
}

function unknownTransform(): StatusError {
  const types = 'application/json, application/yaml, application/vnd.kubernetes.protobuf'
  return new StatusError({
    message: `only the following media types are accepted: ${types}`,
    reason: 'NotAcceptable',
    code: 406,
  })
}

const encodings: Record<string, 'json' | 'yaml'> = {
  'application/json': 'json',
  'application/*': 'json',
  '*/*': 'json',
  'application/yaml': 'yaml',
}

const transforms: Record<string, Representation['as']> = {
  Table: 'table',
  PartialObjectMetadata: 'metadata',
  PartialObjectMetadataList: 'metadata-list',
}

/** The parameters' transformation; undefined when they ask for one that does not exist. */
function transformOf({ as, g, v }: Record<string, string>): Representation['as'] | undefined {
  if (as === undefined) return 'object'
  if (g !== 'meta.k8s.io' || (v !== 'v1' && v !== 'v1beta1')) return undefined
  return transforms[as]
}

const plainJson: Representation = { encoding: 'json', as: 'object', mediaType: 'application/json' }

/** Throws the 406 where nothing fits. Protobuf is never served: clients that prefer it also take JSON. */
export function negotiate(accept: string | undefined): Representation {
  if (!accept || accept === 'application/json' || accept === '*/*') return plainJson
  let isUnknownTransform = false
  for (const { type, parameters } of parseAccept(accept)) {
    const encoding = encodings[type]
    if (!encoding) continue
    const as = transformOf(parameters)
    if (as) return { encoding, as, mediaType: `application/${encoding}` }
    isUnknownTransform = true
  }
  throw isUnknownTransform ? unknownTransform() : notAcceptable()
}
