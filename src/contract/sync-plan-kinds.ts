/** What a sync would do, step by step, with what the server says to each. */
import type { ObjectComparison, SyncPhase } from '../model/index.ts'
import { type Static, Type } from '../model/schema.ts'
import { named } from './named.ts'
import { FieldDrifts } from './resource-diff-kinds.ts'

const Text = Type.String()

const PlannedStep = named(
  'tiphysPlannedStep',
  Type.Object({
    group: Text,
    version: Text,
    kind: Text,
    namespace: Text,
    name: Text,
    verb: Type.Unsafe<'apply' | 'hook' | 'prune'>({ type: 'string' }),
    /** Steps of `SyncFail` are only taken when the sync fails. */
    phase: Type.Unsafe<SyncPhase>({ type: 'string' }),
    wave: Type.Integer(),
    /** How it compares with what is there; hooks are not compared. */
    comparison: Type.Optional(Type.Unsafe<ObjectComparison['verdict']>({ type: 'string' })),
    drift: FieldDrifts,
    /** What differs and does not count. */
    ignored: FieldDrifts,
    /** Why pruning leaves it in place. */
    kept: Type.Optional(Text),
    /** Written as a whole instead of merged: what others have set is gone. */
    replaced: Type.Optional(Type.Boolean()),
    /** Deleted and created anew where it cannot be changed in place. */
    forced: Type.Optional(Type.Boolean()),
    /** When a hook is deleted. */
    deletePolicies: Type.Optional(Type.Array(Text)),
    /** `unknown`: it cannot be judged before the sync has begun. Absent when the server was not asked. */
    check: Type.Optional(Type.Unsafe<'passes' | 'refused' | 'unknown'>({ type: 'string' })),
    /** The server's words. */
    message: Type.Optional(Text),
  }),
)
export type PlannedStep = Static<typeof PlannedStep>

export const SyncPlan = named(
  'tiphysSyncPlan',
  Type.Object({
    /** One for each source, as they are resolved now. */
    revisions: Type.Array(Text),
    /** In the order in which they begin. */
    steps: Type.Array(PlannedStep),
    /** Why such a sync would be refused as a whole at present, such as a sync window. */
    blocked: Type.Optional(Text),
  }),
)
