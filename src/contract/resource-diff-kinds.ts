/** Resources as Git and as the cluster has them, and how the two differ. */
import type { FieldDrift, ObjectComparison, UndeclaredField } from '../model/index.ts'
import { type Static, Type } from '../model/schema.ts'
import { named } from './named.ts'

const Text = Type.String()

const author = named(
  'tiphysFieldAuthor',
  Type.Object({
    manager: Text,
    operation: Text,
    subresource: Type.Optional(Text),
    time: Type.Optional(Text),
  }),
)

const drift = named(
  'tiphysFieldDrift',
  Type.Object({
    path: Text,
    desired: Type.Optional(Type.Unknown()),
    live: Type.Optional(Type.Unknown()),
    author: Type.Optional(author),
    ignoredBy: Type.Optional(
      Type.Object({
        origin: Text,
        jsonPointer: Type.Optional(Text),
        jqPathExpression: Type.Optional(Text),
        managedFieldsManager: Type.Optional(Text),
      }),
    ),
  }),
)
export const FieldDrifts = Type.Unsafe<FieldDrift[]>(Type.Array(drift))
const UndeclaredFields = Type.Unsafe<UndeclaredField[]>(
  Type.Array(named('tiphysUndeclaredField', Type.Object({ path: Text, live: Type.Unknown(), author }))),
)

/** States are JSON texts; `null` where there is no such state. */
const ResourceDiff = named(
  'v1alpha1ResourceDiff',
  Type.Object({
    group: Type.Optional(Text),
    kind: Text,
    namespace: Type.Optional(Text),
    name: Text,
    targetState: Text,
    liveState: Text,
    normalizedLiveState: Text,
    predictedLiveState: Text,
    resourceVersion: Type.Optional(Text),
    modified: Type.Optional(Type.Boolean()),
    hook: Type.Optional(Type.Boolean()),
    /** Tiphys' own, from here on. */
    verdict: Type.Unsafe<ObjectComparison['verdict']>({ type: 'string' }),
    /** What a sync would change, field by field, with who made it so and when. */
    drift: FieldDrifts,
    /** What differs and does not count. */
    ignored: FieldDrifts,
    /** What others have set and Git leaves open. */
    undeclared: Type.Optional(UndeclaredFields),
    message: Type.Optional(Text),
  }),
)
export type ResourceDiff = Static<typeof ResourceDiff>

export const ManagedResources = named(
  'applicationManagedResourcesResponse',
  Type.Object({ items: Type.Array(ResourceDiff) }),
)

export const ServerSideDiff = named(
  'applicationApplicationServerSideDiffResponse',
  Type.Object({ items: Type.Array(ResourceDiff), modified: Type.Boolean() }),
)
