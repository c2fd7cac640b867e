/** What is asked for the images of one application: which to follow, to what, and where the outcome is written. */
import type { ImageReference } from './reference.ts'
import type { TagRefusal } from './tag-filter.ts'

export type Strategy = 'semver' | 'newest-build' | 'digest' | 'alphabetical'

/** Where an image stands among the parameters of a Helm chart. */
export interface HelmTarget {
  name?: string
  tag?: string
  /** The whole reference in one parameter; the other two do not count then. */
  spec?: string
}

export interface ImageRule {
  /** What people call it; the name of the image where they call it nothing. */
  alias: string
  image: ImageReference
  /** A range of versions; for `digest` the tag that is followed. */
  constraint: string
  strategy: Strategy
  /** Whether allow-tags and ignore-tags let a tag through. */
  admits(tag: string): boolean
  /** Which of them does not. */
  refusal(tag: string): TagRefusal | undefined
  /** Also where no object of the application runs it. */
  forceUpdate: boolean
  pullSecret: string
  /** `os/architecture[/variant]`; empty for any. */
  platforms: string[]
  helm: HelmTarget
  /** What the image is called in the manifests before Kustomize replaces it. */
  kustomizeName: string
}

export type WriteTarget =
  | { kind: 'overrides' }
  /** A folder; that of the source where it is empty. From the root of the repository with a slash at its beginning. */
  | { kind: 'kustomization'; path: string }
  /** A file; paths as above. */
  | { kind: 'helmvalues'; path: string }

export type WriteBack =
  | { method: 'argocd' }
  | {
      method: 'git'
      /** A Secret, `[NAMESPACE/]NAME`; empty for the credentials that the repository is registered with. */
      secret: string
      target: WriteTarget
      /** Another than that of the source. */
      repository: string
      /** Where changes begin; empty for the branch that the source follows. */
      branch: string
      /** A template of the branch that changes go to; empty for the same branch. */
      pushBranch: string
    }

export interface UpdateRules {
  images: ImageRule[]
  writeBack: WriteBack
  /** What cannot be read. Images that it is about are not among `images`. */
  problems: string[]
}

/** All settings of one image as texts, wherever they are written. */
export interface ImageSettings {
  alias: string
  /** `NAME[:CONSTRAINT]`. */
  image: string
  strategy?: string
  allowTags?: string
  ignoreTags?: string[]
  forceUpdate?: boolean
  pullSecret?: string
  platforms?: string[]
  helm?: HelmTarget
  kustomizeName?: string
}

export interface WriteBackSettings {
  method?: string
  target?: string
  branch?: string
  repository?: string
}
