/** What of an Application is declared by people, and so may be written through the API. Pure. */
import { type Application, type ApplicationSpec, mergePatch } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'
import { withoutNulls } from '../without-nulls.ts'

/** Everything else, such as status and operation, is the server's own. */
export interface Declared {
  metadata: Pick<Application['metadata'], 'labels' | 'annotations' | 'finalizers'>
  spec: ApplicationSpec
}

export interface Place {
  name: string
  namespace: string
}

/** Throws InvalidArgument for a body without a spec; whether the spec is sound is for later. */
export function declaredIn(body: { metadata?: object; spec?: unknown }): Declared {
  const { metadata = {}, spec } = withoutNulls(body) as { metadata?: Declared['metadata']; spec?: ApplicationSpec }
  if (!spec) throw new ApiError('InvalidArgument', 'the application has no spec')
  const { labels, annotations, finalizers } = metadata
  return { metadata: withoutEmpty({ labels, annotations, finalizers }), spec: normalSpec(spec) }
}

/** Nothing in it is the same as none. */
function withoutEmpty(metadata: Declared['metadata']): Declared['metadata'] {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => Object.keys(value ?? {}).length > 0))
}

/** Its name may be left out, where the address says it. */
export function placeIn(body: { metadata?: object }, otherwise: Partial<Place> & { namespace: string }): Place {
  const { name = '', namespace } = withoutNulls(body.metadata ?? {}) as Partial<Place>
  const place = { name: otherwise.name ?? String(name), namespace: String(namespace || otherwise.namespace) }
  if (place.name === '') throw new ApiError('InvalidArgument', 'the application has no name: set metadata.name')
  return place
}

/** The forms that mean the same are one. */
function normalSpec({ syncPolicy, ...spec }: ApplicationSpec): ApplicationSpec {
  const isEmpty = syncPolicy && Object.keys(syncPolicy).length === 0
  return { ...spec, project: spec.project || 'default', ...(syncPolicy && !isEmpty && { syncPolicy }) }
}

export function declaredOf({ metadata, spec }: Application): Declared {
  return declaredIn({ metadata, spec })
}

/** The application as it is to be; status and everything else stay. */
export function withDeclared(application: Application, { metadata, spec }: Declared): Application {
  const { labels: _labels, annotations: _annotations, finalizers: _finalizers, ...kept } = application.metadata
  return { ...application, metadata: { ...kept, ...metadata }, spec }
}

/** A JSON merge patch; undefined when nothing is to be changed. */
export function declaredPatch(before: Application, { metadata, spec }: Declared): object | undefined {
  const { labels, annotations, finalizers } = before.metadata
  const now = { metadata: { labels, annotations, finalizers }, spec: before.spec }
  return mergePatch(now, { metadata, spec })
}

/** With the labels and annotations that are there already, as an upsert leaves them. */
export function laidOver({ metadata }: Application, wanted: Declared): Declared {
  const labels = { ...metadata.labels, ...wanted.metadata.labels }
  const annotations = { ...metadata.annotations, ...wanted.metadata.annotations }
  return { ...wanted, metadata: { ...wanted.metadata, labels, annotations } }
}

/** What is told of it: who manages which field is of no interest, and longer than the rest. */
export function shown({ metadata, ...application }: Application): Application {
  const { managedFields: _managedFields, ...rest } = metadata
  return { ...application, metadata: rest } as Application
}
