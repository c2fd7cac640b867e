/** What an application is made from: what its sources render to, and what is known of their revisions. */
import { Type } from '../../model/schema.ts'
import { Names, named, query } from '../named.ts'
import { ServerSideDiff } from '../resource-diff-kinds.ts'
import { route } from '../route.ts'
import { home } from './applications.ts'

const Text = Type.String()

const ofRevision = query({
  ...home,
  /** Of several sources, from 0. */
  sourceIndex: Type.Integer({ minimum: 0 }),
  /** The sources as they were at this deployment of the history. */
  versionId: Type.Integer(),
})

const SourceVersions = named(
  'tiphysSourceVersions',
  Type.Object({
    repoURL: Text,
    chart: Type.Optional(Text),
    targetRevision: Text,
    /** range, pin or name. */
    kind: Text,
    /** What the last sync or look found; with the name of its version where it has one. */
    revision: Type.Optional(Text),
    running: Type.Optional(Text),
    /** The newest that targetRevision allows. */
    allowed: Type.Optional(Text),
    /** The newest of all that is no prerelease. */
    newest: Type.Optional(Text),
    /** Newer than what is allowed, the newest first; twenty at most. */
    heldBack: Type.Array(Text),
    /** In the place of targetRevision. */
    proposal: Type.Optional(Text),
    /** Why nothing is known. */
    message: Type.Optional(Text),
  }),
)
const SourceVersionsList = named('tiphysSourceVersionsList', Type.Object({ items: Type.Array(SourceVersions) }))

const ImageRow = named(
  'tiphysApplicationImage',
  Type.Object({
    /** Without tag and digest. */
    image: Text,
    /** TAG[@DIGEST]; during a roll-out there may be several. */
    running: Type.Array(Text),
    /** Of the rule that is about it; absent where none is. */
    alias: Type.Optional(Text),
    strategy: Type.Optional(Text),
    constraint: Type.Optional(Text),
    /** The newest that the rule allows. */
    newest: Type.Optional(Text),
    /** What else is newer, the newest first; by: range, allow-tags, ignore-tags or platforms. Twenty at most. */
    heldBack: Type.Optional(Type.Array(Type.Object({ version: Text, by: Text }))),
    /** In the place of the constraint: allows the newest that the range holds back. */
    proposal: Type.Optional(Text),
    /** current, outdated, written, not running, nothing fits or failed; absent where the registry was not asked. */
    state: Type.Optional(Text),
    /** Why it has failed. */
    message: Type.Optional(Text),
    /** What was written last for the rule; without `commit` to the spec. */
    updated: Type.Optional(
      Type.Object({
        from: Text,
        to: Text,
        at: Text,
        commit: Type.Optional(Type.Object({ repoURL: Text, branch: Text, revision: Text })),
      }),
    ),
  }),
)
const ImageList = named(
  'tiphysApplicationImageList',
  Type.Object({
    items: Type.Array(ImageRow),
    /** Where the rules stand: annotations or ImageUpdater, with the name of the one that has the application. */
    rules: Type.Optional(Type.Object({ in: Text, updater: Type.Optional(Text) })),
    /** Where the next version goes: spec or git. An empty branch is the default one. */
    writtenTo: Type.Optional(
      Type.Object({
        in: Text,
        repoURL: Type.Optional(Text),
        branch: Type.Optional(Text),
        file: Type.Optional(Text),
      }),
    ),
    /** Why nothing is written, whatever is found: deletion, skip-reconcile or pin. */
    leftAlone: Type.Optional(Text),
    /** When the registries were asked: with `updates` now, else in the last round, where this process knows of it. */
    lookedAt: Type.Optional(Text),
    /** Which rules cannot be read, and why what was found could not be written. */
    problems: Type.Array(Text),
  }),
)

const Window = named(
  'applicationApplicationSyncWindow',
  Type.Object({ kind: Text, schedule: Text, duration: Text, manualSync: Type.Boolean() }),
)

export const applicationSources = {
  manifests: route({
    id: 'applicationSources.manifests',
    method: 'GET',
    path: '/api/v1/applications/{name}/manifests',
    summary: 'What the sources of an application render to, now or at other revisions',
    permission: 'applications:get',
    query: query({
      ...home,
      revision: Text,
      /** Of several sources, from 1; each with the revision at the same place of `revisions`. */
      sourcePositions: Names,
      revisions: Names,
      noCache: Type.Boolean(),
      /** Not of Argo CD: what this deployment of the history had deployed, from the sources as they were. */
      versionId: Type.Integer(),
    }),
    answer: named(
      'repositoryManifestResponse',
      Type.Object({
        manifests: Type.Array(Text),
        namespace: Type.Optional(Text),
        server: Type.Optional(Text),
        revision: Text,
        sourceType: Type.Optional(Text),
      }),
    ),
  }),
  serverSideDiff: route({
    id: 'applicationSources.serverSideDiff',
    method: 'GET',
    path: '/api/v1/applications/{appName}/server-side-diff',
    summary: 'What applying these manifests in the place of those of the sources would change',
    permission: 'applications:get',
    query: query({ ...home, targetManifests: Names }),
    answer: ServerSideDiff,
  }),
  syncWindows: route({
    id: 'applicationSources.syncWindows',
    method: 'GET',
    path: '/api/v1/applications/{name}/syncwindows',
    summary: 'The sync windows of an application, and whether it can be synced by hand now',
    permission: 'applications:get',
    query: query(home),
    answer: named(
      'applicationApplicationSyncWindowsResponse',
      Type.Object({
        activeWindows: Type.Array(Window),
        assignedWindows: Type.Array(Window),
        canSync: Type.Boolean(),
        /** Why, in words. */
        reason: Text,
      }),
    ),
  }),
  versions: route({
    id: 'applicationSources.versions',
    method: 'GET',
    path: '/api/v1/applications/{name}/versions',
    summary: 'Not of Argo CD: of each source, which version runs, which its targetRevision allows, and which there are',
    permission: 'applications:get',
    query: query({ ...home, refresh: Type.Boolean() }),
    answer: SourceVersionsList,
  }),
  images: route({
    id: 'applicationSources.images',
    method: 'GET',
    path: '/api/v1/applications/{name}/images',
    summary:
      'Not of Argo CD: the images that an application runs, and by which rules they are updated; with `updates`, the registries are asked what there is',
    permission: 'applications:get',
    query: query({ ...home, updates: Type.Boolean() }),
    answer: ImageList,
  }),
  revisionMetadata: route({
    id: 'applicationSources.revisionMetadata',
    method: 'GET',
    path: '/api/v1/applications/{name}/revisions/{revision}/metadata',
    summary: 'Who made a commit, when and why',
    permission: 'applications:get',
    query: ofRevision,
    answer: named(
      'v1alpha1RevisionMetadata',
      Type.Object({
        author: Text,
        date: Text,
        message: Text,
        tags: Type.Optional(Type.Array(Text)),
        /** In words, where the project asks for signatures. */
        signatureInfo: Type.Optional(Text),
      }),
    ),
  }),
  chartDetails: route({
    id: 'applicationSources.chartDetails',
    method: 'GET',
    path: '/api/v1/applications/{name}/revisions/{revision}/chartdetails',
    summary: 'What a chart says of itself',
    permission: 'applications:get',
    query: ofRevision,
    answer: named(
      'v1alpha1ChartDetails',
      Type.Object({ description: Text, home: Text, maintainers: Type.Array(Text) }),
    ),
  }),
  ociMetadata: route({
    id: 'applicationSources.ociMetadata',
    method: 'GET',
    path: '/api/v1/applications/{name}/revisions/{revision}/ocimetadata',
    summary: 'What a chart of an OCI registry says of itself',
    permission: 'applications:get',
    query: ofRevision,
    answer: named(
      'v1alpha1OCIMetadata',
      Type.Object({ authors: Text, description: Text, docsUrl: Text, sourceUrl: Text, version: Text }),
    ),
  }),
}
