/** Where an application's desired state comes from, and how it is rendered. */
import { Anything, Fields, Flag, NameValue, type Static, Text, TextMap, Texts, Type } from './schema.ts'

export const HelmSource = Fields({
  valueFiles: Texts,
  parameters: Type.Array(Fields({ name: Text, value: Text, forceString: Flag })),
  fileParameters: Type.Array(Fields({ name: Text, path: Text })),
  releaseName: Text,
  values: Text,
  valuesObject: Anything,
  version: Text,
  passCredentials: Flag,
  ignoreMissingValueFiles: Flag,
  skipCrds: Flag,
  skipTests: Flag,
  skipSchemaValidation: Flag,
  namespace: Text,
  kubeVersion: Text,
  apiVersions: Texts,
})
export type HelmSource = Static<typeof HelmSource>

export const KustomizeSource = Fields({
  namePrefix: Text,
  nameSuffix: Text,
  /** `[old=]name:tag` or `[old=]name@digest`. */
  images: Texts,
  commonLabels: TextMap,
  commonAnnotations: TextMap,
  commonAnnotationsEnvsubst: Flag,
  forceCommonLabels: Flag,
  forceCommonAnnotations: Flag,
  labelWithoutSelector: Flag,
  labelIncludeTemplates: Flag,
  namespace: Text,
  replicas: Type.Array(
    Type.Object({
      name: Text,
      count: Type.Unsafe<number | string>({
        anyOf: [{ type: 'integer' }, { type: 'string' }],
        'x-kubernetes-int-or-string': true,
      }),
    }),
  ),
  patches: Type.Array(
    Fields({
      path: Text,
      patch: Text,
      options: Type.Record(Type.String(), Type.Boolean()),
      target: Fields({
        group: Text,
        version: Text,
        kind: Text,
        name: Text,
        namespace: Text,
        labelSelector: Text,
        annotationSelector: Text,
      }),
    }),
  ),
  components: Texts,
  ignoreMissingComponents: Flag,
  version: Text,
  kubeVersion: Text,
  apiVersions: Texts,
})
export type KustomizeSource = Static<typeof KustomizeSource>

const JsonnetVariable = Type.Object({ name: Text, value: Text, code: Type.Optional(Flag) })

export const DirectorySource = Fields({
  recurse: Flag,
  include: Text,
  exclude: Text,
  disableExtensionFilter: Flag,
  jsonnet: Fields({
    extVars: Type.Array(JsonnetVariable),
    tlas: Type.Array(JsonnetVariable),
    libs: Texts,
  }),
})
export type DirectorySource = Static<typeof DirectorySource>

export const PluginSource = Fields({
  name: Text,
  env: Type.Array(NameValue),
  parameters: Type.Array(Fields({ name: Text, string: Text, array: Texts, map: TextMap })),
})

export const ApplicationSource = Type.Object({
  repoURL: Text,
  path: Type.Optional(Text),
  targetRevision: Type.Optional(Text),
  chart: Type.Optional(Text),
  ref: Type.Optional(Text),
  name: Type.Optional(Text),
  tagPrefix: Type.Optional(Text),
  helm: Type.Optional(HelmSource),
  kustomize: Type.Optional(KustomizeSource),
  directory: Type.Optional(DirectorySource),
  plugin: Type.Optional(PluginSource),
})
export type ApplicationSource = Static<typeof ApplicationSource>

export const SourceType = Type.Union([
  Type.Literal('Helm'),
  Type.Literal('Kustomize'),
  Type.Literal('Directory'),
  Type.Literal('Plugin'),
])
export type SourceType = Static<typeof SourceType>

const DrySource = Fields({
  repoURL: Text,
  targetRevision: Text,
  path: Text,
  helm: HelmSource,
  kustomize: KustomizeSource,
  directory: DirectorySource,
  plugin: PluginSource,
})

export const SourceHydrator = Fields({
  drySource: DrySource,
  syncSource: Fields({ targetBranch: Text, path: Text, repoURL: Text }),
  hydrateTo: Fields({ targetBranch: Text }),
})
