/** The AppProject: what its applications may take, and from where, and where to. */
import type { KubeObject } from './kube-object.ts'
import { Fields, Flag, Integer, type Static, Text, Texts, Type } from './schema.ts'

const GroupKind = Type.Object({ group: Text, kind: Text, name: Type.Optional(Text) })
export type GroupKind = Static<typeof GroupKind>

const ProjectDestination = Fields({ server: Text, name: Text, namespace: Text })

const JwtToken = Type.Object({ iat: Integer, exp: Type.Optional(Integer), id: Type.Optional(Text) })

const ProjectRole = Type.Object({
  name: Text,
  description: Type.Optional(Text),
  policies: Type.Optional(Texts),
  groups: Type.Optional(Texts),
  jwtTokens: Type.Optional(Type.Array(JwtToken)),
})

const SyncWindow = Fields({
  kind: Text,
  schedule: Text,
  duration: Text,
  applications: Texts,
  namespaces: Texts,
  clusters: Texts,
  manualSync: Flag,
  timeZone: Text,
  andOperator: Flag,
  syncOverrun: Flag,
  description: Text,
})
export type SyncWindow = Static<typeof SyncWindow>

export const AppProjectSpec = Fields({
  description: Text,
  sourceRepos: Texts,
  destinations: Type.Array(ProjectDestination),
  roles: Type.Array(ProjectRole),
  clusterResourceWhitelist: Type.Array(GroupKind),
  clusterResourceBlacklist: Type.Array(GroupKind),
  namespaceResourceWhitelist: Type.Array(GroupKind),
  namespaceResourceBlacklist: Type.Array(GroupKind),
  orphanedResources: Fields({ warn: Flag, ignore: Type.Array(Fields({ group: Text, kind: Text, name: Text })) }),
  syncWindows: Type.Array(SyncWindow),
  signatureKeys: Type.Array(Type.Object({ keyID: Text })),
  sourceIntegrity: Fields({
    git: Fields({
      policies: Type.Array(
        Fields({ repos: Type.Array(Fields({ url: Text })), gpg: Fields({ mode: Text, keys: Texts }) }),
      ),
    }),
  }),
  sourceNamespaces: Texts,
  permitOnlyProjectScopedClusters: Flag,
  destinationServiceAccounts: Type.Array(Fields({ server: Text, namespace: Text, defaultServiceAccount: Text })),
})
export type AppProjectSpec = Static<typeof AppProjectSpec>

export const appProjectSchema = Type.Object({
  spec: AppProjectSpec,
  status: Type.Optional(
    Fields({
      jwtTokensByRole: Type.Record(Type.String(), Fields({ items: Type.Array(JwtToken) })),
    }),
  ),
})

export interface AppProject extends KubeObject {
  apiVersion: 'argoproj.io/v1alpha1'
  kind: 'AppProject'
  spec: AppProjectSpec
}

/** The project that every installation starts with: it permits everything. */
export const defaultProjectSpec: AppProjectSpec = {
  sourceRepos: ['*'],
  destinations: [{ server: '*', namespace: '*' }],
  clusterResourceWhitelist: [{ group: '*', kind: '*' }],
}
