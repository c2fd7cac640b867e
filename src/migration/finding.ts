/** One thing that whoever moves from Argo CD has to know. */

/**
 * stop: two controllers would work on the same objects. lost: it has no effect here. decide: somebody has to choose.
 * differs: it works, in another way.
 */
export type Level = 'stop' | 'lost' | 'decide' | 'differs'

export interface Finding {
  level: Level
  /** Such as `Application shop` or `argocd-cm kustomize.buildOptions`. Nothing of a Secret's values. */
  about: string
  /** What it means, and what to do. */
  message: string
}
