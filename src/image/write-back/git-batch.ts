/** Writes new versions to Git: one commit for all applications that are written to one branch. */
import {
  type Application,
  type KubeObject,
  messageOf,
  type RepositoryConnection,
  StageError,
} from '../../model/index.ts'
import type { BranchChange } from '../../source/branch-writer.ts'
import type { ProjectSources } from '../../source/project-sources.ts'
import { secretAt } from '../credentials.ts'
import type { ImageUpdate } from '../examine.ts'
import type { WriteBack } from '../rules.ts'
import { branchName, commitMessage } from './commit-text.ts'
import { type GitPlace, gitPlace } from './git-place.ts'

export interface GitWork {
  application: Application
  instance: string
  updates: ImageUpdate[]
  writeBack: Extract<WriteBack, { method: 'git' }>
}

export interface WrittenCommit {
  repoURL: string
  branch: string
  revision: string
  /** False where the files were as they should be already. */
  isNew: boolean
}

export type GitOutcome = { work: GitWork; commit: WrittenCommit } | { work: GitWork; error: string }

export interface GitBatchOptions {
  sourcesOf(project: string): Pick<ProjectSources, 'write' | 'resolve'>
  /** Why an application may not be written to that repository. */
  refusal(application: Application, repoURL: string): string | undefined
  readSecret(namespace: string, name: string): Promise<KubeObject | undefined>
  /** How a repository is reached with what a Secret says. */
  connectionFrom(secret: KubeObject, repoURL: string): RepositoryConnection
  controlNamespace: string
  author: BranchChange['author']
  /** Of the commit's message. */
  template: string
}

interface Member {
  work: GitWork
  place: GitPlace
}

interface Batch {
  repoURL: string
  base: string
  branch: string
  project: string
  secret: string
  namespace: string
  members: Member[]
}

export async function writeToGit(all: GitWork[], options: GitBatchOptions): Promise<GitOutcome[]> {
  const failed: GitOutcome[] = []
  const batches = new Map<string, Batch>()
  for (const work of all) {
    try {
      const { key, ...batch } = placeOf(work, options)
      const known = batches.get(key)
      if (known) known.members.push(...batch.members)
      else batches.set(key, batch)
    } catch (error) {
      failed.push({ work, error: messageOf(error) })
    }
  }
  const written = await Promise.all([...batches.values()].map((batch) => writeBatch(batch, options)))
  return [...failed, ...written.flat()]
}

function placeOf(work: GitWork, { refusal, controlNamespace }: GitBatchOptions): Batch & { key: string } {
  const { application, instance, updates, writeBack } = work
  const { metadata, spec } = application
  const place = gitPlace(application, { writeBack, versions: updates, instance })
  const refused = refusal(application, place.repoURL)
  if (refused !== undefined) throw new StageError('project', refused, { retry: false })
  const namespace = metadata.namespace ?? controlNamespace
  const branch = writeBack.pushBranch
    ? branchName(writeBack.pushBranch, { namespace, name: metadata.name }, updates)
    : ''
  const { repoURL, branch: base } = place
  const { secret } = writeBack
  const batch = { repoURL, base, branch, project: spec.project, secret, namespace: secret ? namespace : '' }
  return { ...batch, key: JSON.stringify(batch), namespace, members: [{ work, place }] }
}

async function writeBatch(batch: Batch, options: GitBatchOptions): Promise<GitOutcome[]> {
  const { repoURL, base, branch, project, members } = batch
  let edited: Edited = { files: new Map(), changed: new Set(), errors: new Map() }
  try {
    const edit: BranchChange['edit'] = async (read) => {
      edited = await editFiles(members, read)
      return edited.files
    }
    const message = commitMessage(
      options.template,
      members.map(({ work }) => work.application.metadata.name),
      members.flatMap(({ work }) => work.updates),
    )
    const change = { base, branch, message, author: options.author, edit }
    const { isNew, ...commit } = await options
      .sourcesOf(project)
      .write(repoURL, change, await connectionFor(batch, options))
    const { changed, errors } = edited
    return members.map((member) => {
      const error = errors.get(member)
      const { work } = member
      return error === undefined
        ? { work, commit: { ...commit, repoURL, isNew: isNew && changed.has(member) } }
        : { work, error }
    })
  } catch (error) {
    return members.map(({ work }) => ({ work, error: messageOf(error) }))
  }
}

async function connectionFor(
  { secret, namespace, repoURL }: Batch,
  { readSecret, connectionFrom }: GitBatchOptions,
): Promise<RepositoryConnection | undefined> {
  return secret === '' ? undefined : connectionFrom(await secretAt(secret, { namespace, readSecret }), repoURL)
}

interface Edited {
  files: Map<string, string>
  changed: Set<Member>
  errors: Map<Member, string>
}

/** One that cannot be changed leaves the others. */
async function editFiles(members: Member[], read: (path: string) => Promise<string | undefined>): Promise<Edited> {
  const edited: Edited = { files: new Map(), changed: new Set(), errors: new Map() }
  const current = async (path: string) => edited.files.get(path) ?? (await read(path))
  for (const member of members) {
    const { files: candidates, change } = member.place
    let path = candidates[0] ?? ''
    try {
      let before: string | undefined
      for (const candidate of candidates) {
        before = await current(candidate)
        if (before === undefined) continue
        path = candidate
        break
      }
      const after = change(before)
      if (after === before) continue
      edited.files.set(path, after)
      edited.changed.add(member)
    } catch (error) {
      edited.errors.set(member, `${path}: ${messageOf(error)}`)
    }
  }
  return edited
}
