/** The ImageUpdater: which images of which applications are kept up to date, and how it stands. */
import type { KubeObject } from './kube-object.ts'
import { Fields, Flag, Integer, type Static, Text, TextMap, Texts, Time, Type } from './schema.ts'

export const imageUpdaterGroup = 'argocd-image-updater.argoproj.io'

const CommonUpdateSettings = Fields({
  updateStrategy: Text,
  forceUpdate: Flag,
  allowTags: Text,
  ignoreTags: Texts,
  pullSecret: Text,
  platforms: Texts,
})
export type CommonUpdateSettings = Static<typeof CommonUpdateSettings>

const WriteBackConfig = Fields({
  method: Text,
  gitConfig: Fields({
    repository: Text,
    branch: Text,
    writeBackTarget: Text,
    pullRequest: Fields({ github: Fields({}), gitlab: Fields({}), labels: Texts }),
  }),
})
export type WriteBackConfig = Static<typeof WriteBackConfig>

const ImagesVerification = Fields({
  enabled: Flag,
  cosignKey: Type.Object({ secretName: Text, key: Text }),
})
export type ImagesVerification = Static<typeof ImagesVerification>

const Image = Type.Object({
  alias: Text,
  imageName: Text,
  commonUpdateSettings: Type.Optional(CommonUpdateSettings),
  manifestTargets: Type.Optional(
    Fields({
      helm: Fields({ name: Text, tag: Text, spec: Text }),
      kustomize: Type.Object({ name: Text }),
      plugin: Fields({ name: Text, tag: Text, spec: Text }),
    }),
  ),
  imagesVerification: Type.Optional(ImagesVerification),
})
export type ImageUpdaterImage = Static<typeof Image>

const LabelSelector = Fields({
  matchLabels: TextMap,
  matchExpressions: Type.Array(Fields({ key: Text, operator: Text, values: Texts })),
})

const ApplicationRef = Type.Object({
  namePattern: Text,
  labelSelectors: Type.Optional(LabelSelector),
  /** The images are those of the annotations of each application. */
  useAnnotations: Type.Optional(Flag),
  images: Type.Optional(Type.Array(Image)),
  commonUpdateSettings: Type.Optional(CommonUpdateSettings),
  writeBackConfig: Type.Optional(WriteBackConfig),
  imagesVerification: Type.Optional(ImagesVerification),
})
export type ApplicationRef = Static<typeof ApplicationRef>

const ImageUpdaterSpec = Type.Object({
  /** Kept for older objects: applications are those of the namespace that the object is in. */
  namespace: Type.Optional(Text),
  applicationRefs: Type.Array(ApplicationRef),
  commonUpdateSettings: Type.Optional(CommonUpdateSettings),
  writeBackConfig: Type.Optional(WriteBackConfig),
  imagesVerification: Type.Optional(ImagesVerification),
})
export type ImageUpdaterSpec = Static<typeof ImageUpdaterSpec>

const ImageUpdaterStatus = Fields({
  observedGeneration: Integer,
  lastCheckedAt: Time,
  lastUpdatedAt: Time,
  applicationsMatched: Integer,
  imagesManaged: Integer,
  recentUpdates: Type.Array(
    Fields({
      alias: Text,
      image: Text,
      newVersion: Text,
      applicationsUpdated: Integer,
      updatedAt: Time,
      message: Text,
    }),
  ),
  conditions: Type.Array(
    Fields({
      type: Text,
      status: Text,
      reason: Text,
      message: Text,
      observedGeneration: Integer,
      lastTransitionTime: Time,
    }),
  ),
})
export type ImageUpdaterStatus = Static<typeof ImageUpdaterStatus>

export interface ImageUpdaterObject extends KubeObject {
  spec: ImageUpdaterSpec
  status?: ImageUpdaterStatus
}

export const imageUpdaterSchema = Type.Object({
  spec: ImageUpdaterSpec,
  status: Type.Optional(ImageUpdaterStatus),
})
