/** Where the next version of an application's images is written, before there is one. Pure. */
import { type Application, withoutPassword } from '../../model/index.ts'
import type { WriteBack } from '../rules.ts'
import { updatableSource } from '../updatable-source.ts'
import { noPlace } from './application-patch.ts'
import { gitPlace } from './git-place.ts'

export type WritePlace =
  | { in: 'spec' }
  /** An empty branch is the default one; a branch of its own is named by a template. */
  | { in: 'git'; repoURL: string; branch: string; file: string }

/** Throws a StageError where there is no such place. */
export function writePlace(application: Application, writeBack: WriteBack, instance: string): WritePlace {
  if (writeBack.method === 'git') {
    const { repoURL, branch, files } = gitPlace(application, { writeBack, versions: [], instance })
    return {
      in: 'git',
      repoURL: withoutPassword(repoURL),
      branch: writeBack.pushBranch || branch,
      file: files[0] ?? '',
    }
  }
  const found = updatableSource(application)
  // What has not been rendered yet may turn out to be either.
  if (!found || (found.type && found.type !== 'Helm' && found.type !== 'Kustomize')) throw noPlace()
  return { in: 'spec' }
}
