/** The Application: what shall run where, taken from which source, and how it stands. */
import { InitiatedBy, Operation, OperationState, RetryStrategy } from './application-operation.ts'
import { ApplicationSource, SourceHydrator, SourceType } from './application-source.ts'
import type { HealthStatus } from './health.ts'
import type { KubeObject, ObjectMeta } from './kube-object.ts'
import { Anything, Fields, Flag, Integer, type Static, Text, TextMap, Texts, Time, Type } from './schema.ts'

export const Destination = Fields({ server: Text, name: Text, namespace: Text })
export type Destination = Static<typeof Destination>

export const IgnoreDifferences = Type.Object({
  kind: Text,
  group: Type.Optional(Text),
  name: Type.Optional(Text),
  namespace: Type.Optional(Text),
  jsonPointers: Type.Optional(Texts),
  jqPathExpressions: Type.Optional(Texts),
  managedFieldsManagers: Type.Optional(Texts),
})
export type IgnoreDifferences = Static<typeof IgnoreDifferences>

export const Automated = Fields({ prune: Flag, selfHeal: Flag, allowEmpty: Flag, enabled: Flag })
export type Automated = Static<typeof Automated>

export const SyncPolicy = Fields({
  automated: Automated,
  syncOptions: Texts,
  retry: RetryStrategy,
  managedNamespaceMetadata: Fields({ labels: TextMap, annotations: TextMap }),
})

export const ApplicationSpec = Type.Object({
  project: Text,
  destination: Destination,
  source: Type.Optional(ApplicationSource),
  sources: Type.Optional(Type.Array(ApplicationSource)),
  sourceHydrator: Type.Optional(SourceHydrator),
  syncPolicy: Type.Optional(SyncPolicy),
  ignoreDifferences: Type.Optional(Type.Array(IgnoreDifferences)),
  info: Type.Optional(Type.Array(Type.Object({ name: Text, value: Text }))),
  revisionHistoryLimit: Type.Optional(Integer),
})
export type ApplicationSpec = Static<typeof ApplicationSpec>

export type SyncStatusCode = 'Synced' | 'OutOfSync' | 'Unknown'

export type ConditionType =
  | 'DeletionError'
  | 'InvalidSpecError'
  | 'ComparisonError'
  | 'SyncError'
  | 'UnknownError'
  | 'SharedResourceWarning'
  | 'RepeatedResourceWarning'
  | 'ExcludedResourceWarning'
  | 'OrphanedResourceWarning'
  | 'SyncWindowWarning'
  | 'DependencyWarning'
  | 'DependencyError'
  /** Not one of Argo CD's: what renderers remark. */
  | 'RenderWarning'
  | 'PinnedWarning'

export const Condition = Type.Object({
  type: Type.Unsafe<ConditionType>({ type: 'string' }),
  message: Text,
  lastTransitionTime: Type.Optional(Time),
})
export type Condition = Static<typeof Condition>

const HealthField = Fields({
  status: Type.Unsafe<HealthStatus>({ type: 'string' }),
  message: Text,
  lastTransitionTime: Time,
})

export const ResourceStatus = Fields({
  group: Text,
  version: Text,
  kind: Text,
  namespace: Text,
  name: Text,
  status: Type.Unsafe<SyncStatusCode>({ type: 'string' }),
  health: HealthField,
  hook: Flag,
  requiresPruning: Flag,
  syncWave: Integer,
  requiresDeletionConfirmation: Flag,
})
export type ResourceStatus = Static<typeof ResourceStatus>

export const RevisionHistory = Type.Object({
  id: Integer,
  deployedAt: Time,
  deployStartedAt: Type.Optional(Time),
  revision: Type.Optional(Text),
  revisions: Type.Optional(Texts),
  source: Type.Optional(ApplicationSource),
  sources: Type.Optional(Type.Array(ApplicationSource)),
  initiatedBy: Type.Optional(InitiatedBy),
})
export type RevisionHistory = Static<typeof RevisionHistory>

const ComparedTo = Fields({
  source: ApplicationSource,
  sources: Type.Array(ApplicationSource),
  destination: Destination,
  ignoreDifferences: Type.Array(IgnoreDifferences),
})

export const ApplicationStatus = Fields({
  sync: Fields({
    status: Type.Unsafe<SyncStatusCode>({ type: 'string' }),
    comparedTo: ComparedTo,
    revision: Text,
    revisions: Texts,
  }),
  health: HealthField,
  resources: Type.Array(ResourceStatus),
  conditions: Type.Array(Condition),
  history: Type.Array(RevisionHistory),
  operationState: OperationState,
  reconciledAt: Time,
  observedAt: Time,
  sourceType: SourceType,
  sourceTypes: Type.Array(SourceType),
  summary: Fields({ images: Texts, externalURLs: Texts }),
  resourceHealthSource: Text,
  controllerNamespace: Text,
  sourceHydrator: Anything,
})
export type ApplicationStatus = Static<typeof ApplicationStatus>

export interface Application extends KubeObject {
  apiVersion: 'argoproj.io/v1alpha1'
  kind: 'Application'
  spec: ApplicationSpec
  operation?: Operation
  status?: ApplicationStatus
}

export const applicationSchema = Type.Object({
  spec: ApplicationSpec,
  operation: Type.Optional(Operation),
  status: Type.Optional(ApplicationStatus),
})

/** The sources in force: `sources` wins over `source`, as in Argo CD. */
export function sourcesOf(spec: ApplicationSpec): ApplicationSource[] {
  if (spec.sources && spec.sources.length > 0) return spec.sources
  return spec.source ? [spec.source] : []
}

export function hasMultipleSources(spec: ApplicationSpec): boolean {
  return (spec.sources?.length ?? 0) > 0
}

/** `automated` without `enabled` means enabled. */
export function isAutomated(spec: ApplicationSpec): boolean {
  const automated = spec.syncPolicy?.automated
  return automated !== undefined && automated.enabled !== false
}

/** How tracking ids and listings name the application: `name`, or `namespace_name` outside the control namespace. */
export function instanceName(application: { metadata: ObjectMeta }, controlNamespace: string): string {
  const { name, namespace = controlNamespace } = application.metadata
  return namespace === controlNamespace ? name : `${namespace}_${name}`
}
