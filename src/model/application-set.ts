/** The ApplicationSet: a template, and where the values come from that make applications of it. */
import type { ApplicationSpec } from './application.ts'
import type { KubeObject } from './kube-object.ts'
import { Fields, Flag, Integer, type Static, Text, TextMap, Texts, Time, Type } from './schema.ts'

/** Values of any kind under any name: templates hold placeholders where a type would forbid them. */
const Open = { 'x-kubernetes-preserve-unknown-fields': true } as const
const OpenObject = Type.Unsafe<Record<string, unknown>>({ type: 'object', ...Open })

/** Generators nest, which the schema of a definition cannot say: each is taken as it is, and read by who generates. */
const Generator = OpenObject

const Template = Type.Object({
  metadata: Fields({
    name: Text,
    namespace: Text,
    labels: TextMap,
    annotations: TextMap,
    finalizers: Texts,
  }),
  spec: Type.Unsafe<ApplicationSpec>({ type: 'object', ...Open }),
})

const MatchExpression = Fields({ key: Text, operator: Text, values: Texts })
const intOrString = Type.Unsafe<number | string>({
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  'x-kubernetes-int-or-string': true,
})

const Strategy = Fields({
  type: Text,
  rollingSync: Fields({
    steps: Type.Array(Fields({ matchExpressions: Type.Array(MatchExpression), maxUpdate: intOrString })),
  }),
  deletionOrder: Text,
})

const ApplicationSetSpec = Type.Object({
  generators: Type.Array(Generator),
  template: Template,
  templatePatch: Type.Optional(Text),
  goTemplate: Type.Optional(Flag),
  goTemplateOptions: Type.Optional(Texts),
  applyNestedSelectors: Type.Optional(Flag),
  syncPolicy: Type.Optional(Fields({ preserveResourcesOnDeletion: Flag, applicationsSync: Text })),
  strategy: Type.Optional(Strategy),
  preservedFields: Type.Optional(Fields({ annotations: Texts, labels: Texts })),
  ignoreApplicationDifferences: Type.Optional(
    Type.Array(Fields({ name: Text, jsonPointers: Texts, jqPathExpressions: Texts })),
  ),
})
type ApplicationSetSpec = Static<typeof ApplicationSetSpec>

const Health = Fields({ status: Text, message: Text, lastTransitionTime: Time })
const Resource = Fields({
  group: Text,
  version: Text,
  kind: Text,
  namespace: Text,
  name: Text,
  status: Text,
  health: Health,
  hook: Flag,
  requiresPruning: Flag,
  requiresDeletionConfirmation: Flag,
  syncWave: Integer,
})

const ApplicationSetStatus = Fields({
  conditions: Type.Array(Fields({ type: Text, message: Text, status: Text, reason: Text, lastTransitionTime: Time })),
  applicationStatus: Type.Array(
    Fields({
      application: Text,
      message: Text,
      status: Text,
      step: Text,
      targetRevisions: Texts,
      lastTransitionTime: Time,
    }),
  ),
  resources: Type.Array(Resource),
  resourcesCount: Integer,
  health: Health,
})

export const applicationSetSchema = Type.Object({
  spec: ApplicationSetSpec,
  status: Type.Optional(ApplicationSetStatus),
})

export interface ApplicationSet extends KubeObject {
  apiVersion: 'argoproj.io/v1alpha1'
  kind: 'ApplicationSet'
  spec: ApplicationSetSpec
  status?: Static<typeof ApplicationSetStatus>
}
