/** Desired state: one object that a source declares, and where it stands there. */
import type { KubeObject } from './kube-object.ts'

export interface Manifest {
  object: KubeObject
  /** The file within the repository, where the renderer knows it. */
  file?: string
  /** 1-based line of the document's first line in that file. */
  line?: number
}
