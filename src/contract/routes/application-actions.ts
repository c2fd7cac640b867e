/** Applications: what is done to them and to their objects. */
import { RetryStrategy, SyncOperationResource, SyncStrategy } from '../../model/index.ts'
import { Fields, Flag, Text, Texts, Type } from '../../model/schema.ts'
import { Application } from '../application-kinds.ts'
import { body } from '../body.ts'
import { Nothing, named, query } from '../named.ts'
import { route } from '../route.ts'
import { SyncPlan } from '../sync-plan-kinds.ts'
import { liveObject } from './application-resources.ts'
import { home } from './applications.ts'

/** Clients in Go send integers of 64 bits as text. */
const WholeNumber = Type.Unsafe<number | string>({
  anyOf: [{ type: 'integer' }, { type: 'string', pattern: '^-?\\d+$' }],
})

const where = { name: Text, appNamespace: Text, project: Text }

const syncFields = {
  ...where,
  revision: Text,
  /** Of the sources at `sourcePositions`, which count from 1. */
  revisions: Texts,
  sourcePositions: Type.Array(WholeNumber),
  dryRun: Flag,
  prune: Flag,
  strategy: SyncStrategy,
  resources: Type.Array(SyncOperationResource),
  /** Rendered by the client, each a JSON document. */
  manifests: Texts,
  infos: Type.Array(Type.Object({ name: Text, value: Text })),
  retryStrategy: RetryStrategy,
  /** A bare list, as some clients send it, Argo CD refuses. */
  syncOptions: Type.Union([named('applicationSyncOptions', Fields({ items: Texts })), Texts]),
  /** Not of Argo CD: nothing is written, and the answer comes when the server has been asked about every object. */
  preflightOnly: Flag,
}
const Sync = body('applicationApplicationSyncRequest', syncFields)

const Plan = body('tiphysSyncPlanRequest', {
  ...syncFields,
  /** Of an entry of the history: what rolling back to it would do. */
  id: WholeNumber,
  /** Of a rollback: hooks run too. */
  hooks: Flag,
  /** Asks the server about every object; otherwise the answer comes at once, without verdicts. */
  checks: Flag,
})

const Rollback = body('applicationApplicationRollbackRequest', {
  ...where,
  id: WholeNumber,
  prune: Flag,
  dryRun: Flag,
  /** Not of Argo CD: false refuses it while automated sync is on, as there; true pins in any case. */
  pin: Flag,
  /** Not of Argo CD: hooks run too. */
  hooks: Flag,
})

const RunAction = body('applicationResourceActionRunRequestV2', {
  name: Text,
  ...liveObject,
  action: Text,
  resourceActionParameters: Type.Array(
    named('applicationResourceActionParameters', Fields({ name: Text, value: Text })),
  ),
})

const ActionList = named(
  'applicationResourceActionsListResponse',
  Type.Object({
    actions: Type.Array(
      named(
        'v1alpha1ResourceAction',
        Type.Object({
          name: Text,
          disabled: Type.Optional(Flag),
          displayName: Type.Optional(Text),
          iconClass: Type.Optional(Text),
          params: Type.Optional(Type.Array(Type.Object({ name: Text, default: Type.Optional(Text) }))),
        }),
      ),
    ),
  }),
)

const Manifest = named('applicationApplicationResourceResponse', Type.Object({ manifest: Text }))

const path = '/api/v1/applications/{name}'

export const applicationActions = {
  sync: route({
    id: 'applications.sync',
    method: 'POST',
    path: `${path}/sync`,
    summary: 'Bring the cluster to what is declared; with `preflightOnly`, only ask whether it would be taken',
    permission: 'applications:sync',
    body: Sync,
    answer: Application,
  }),
  plan: route({
    id: 'applications.plan',
    method: 'POST',
    path: `${path}/sync-plan`,
    summary: 'What such a sync, or a rollback, would do, step by step; nothing is written, and no operation begins',
    permission: 'applications:get',
    body: Plan,
    answer: SyncPlan,
  }),
  rollback: route({
    id: 'applications.rollback',
    method: 'POST',
    path: `${path}/rollback`,
    summary: 'Bring back what an entry of the history deployed; with automated sync, and stay there until unpinned',
    permission: 'applications:rollback',
    body: Rollback,
    answer: Application,
  }),
  unpin: route({
    id: 'applications.unpin',
    method: 'POST',
    path: `${path}/unpin`,
    summary: 'Lift the pin of a rollback: what the sources have now is wanted again',
    permission: 'applications:rollback',
    query: query(home),
    answer: Application,
  }),
  terminateOperation: route({
    id: 'applications.terminateOperation',
    method: 'DELETE',
    path: `${path}/operation`,
    summary: 'End the operation that is under way',
    permission: 'applications:sync',
    query: query(home),
    answer: Nothing,
  }),
  patchResource: route({
    id: 'applications.patchResource',
    method: 'POST',
    path: `${path}/resource`,
    summary: 'Patch a live object; the body is the patch as text',
    permission: 'applications:update',
    query: query({ ...liveObject, patchType: Text }),
    body: Text,
    answer: Manifest,
  }),
  deleteResource: route({
    id: 'applications.deleteResource',
    method: 'DELETE',
    path: `${path}/resource`,
    summary: 'Delete a live object: in the foreground, at once (`force`), or without what it owns (`orphan`)',
    permission: 'applications:delete',
    query: query({ ...liveObject, force: Flag, orphan: Flag }),
    answer: Nothing,
  }),
  listActions: route({
    id: 'applications.listActions',
    method: 'GET',
    path: `${path}/resource/actions`,
    summary: 'What can be done to a live object',
    permission: 'applications:get',
    query: query(liveObject),
    answer: ActionList,
  }),
  runAction: route({
    id: 'applications.runAction',
    method: 'POST',
    path: `${path}/resource/actions`,
    summary: 'Run an action without parameters; the body is its name',
    permission: 'applications:action',
    query: query(liveObject),
    body: Text,
    answer: Nothing,
  }),
  runActionWithParameters: route({
    id: 'applications.runActionWithParameters',
    method: 'POST',
    path: `${path}/resource/actions/v2`,
    summary: 'Run an action',
    permission: 'applications:action',
    body: RunAction,
    answer: Nothing,
  }),
}
