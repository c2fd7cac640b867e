/** A rollback as a commit: in somebody's own clone, the folders of an application become what was deployed before. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { deployedSources, type RevisionHistory } from '../../model/index.ts'
import { CommandError } from '../exit-code.ts'

const execute = promisify(execFile)

export interface RevertCommit {
  commit: string
  branch: string
  folders: string[]
}

interface Folder {
  path: string
  revision: string
}

/**
 * Commits with the user's own git, identity and hooks, and pushes nothing. Only the application's folders are touched;
 * throws CommandError when they hold changes that are not committed, or when there is nothing to revert.
 */
export async function commitRevert(name: string, entry: RevisionHistory, clone: string): Promise<RevertCommit> {
  const root = await git(clone, ['rev-parse', '--show-toplevel'])
  const folders = await foldersIn(root, entry)
  const paths = folders.map(({ path }) => pathspec(path))
  const changed = await git(root, ['status', '--porcelain', '--', ...paths])
  if (changed !== '') {
    throw new CommandError(
      `there are changes in ${root} that are not committed: commit or remove them first\n${changed}`,
    )
  }
  for (const { path, revision } of folders) await restore(root, path, revision)
  const staged = await git(root, ['diff', '--cached', '--name-only', '--', ...paths])
  if (staged === '')
    throw new CommandError(`nothing to revert: ${name} is in ${root} as history ${entry.id} deployed it`)
  const revisions = [...new Set(folders.map(({ revision }) => revision.slice(0, 12)))].join(', ')
  const message = `Revert ${name} to ${revisions}\n\nIts folders are as history ${entry.id} of the application deployed them.`
  await git(root, ['commit', '--quiet', '--message', message, '--', ...paths])
  const commit = await git(root, ['rev-parse', 'HEAD'])
  const branch = await git(root, ['rev-parse', '--abbrev-ref', 'HEAD'])
  return { commit, branch, folders: folders.map(({ path }) => path) }
}

/** Of the sources that were deployed, those whose commit this clone has. */
async function foldersIn(root: string, entry: RevisionHistory): Promise<Folder[]> {
  const sources = deployedSources(entry).filter(({ path, chart }) => path !== undefined && !chart)
  const folders: Folder[] = []
  for (const { path = '.', targetRevision: revision = '' } of sources) {
    const isHere = await git(root, ['cat-file', '-e', `${revision}^{commit}`]).then(
      () => true,
      () => false,
    )
    if (isHere) folders.push({ path, revision })
  }
  if (folders.length > 0) return folders
  const wanted = sources.map(({ repoURL, targetRevision }) => `${targetRevision} of ${repoURL}`).join(', ')
  throw new CommandError(
    wanted === ''
      ? `history ${entry.id} was not deployed from folders of a Git repository`
      : `${root} does not have ${wanted}: run this in a clone of it, after "git fetch"`,
  )
}

/** A folder that did not exist then goes. */
async function restore(root: string, path: string, revision: string): Promise<void> {
  const then = await git(root, ['ls-tree', '--name-only', revision, '--', path === '.' ? './' : path])
  if (then !== '') await git(root, ['restore', `--source=${revision}`, '--staged', '--worktree', '--', pathspec(path)])
  else await git(root, ['rm', '-r', '--quiet', '--ignore-unmatch', '--', pathspec(path)])
}

function pathspec(path: string): string {
  return path === '.' ? ':/' : `:(top,literal)${path}`
}

async function git(folder: string, args: string[]): Promise<string> {
  try {
    const { stdout } = await execute('git', args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 })
    return stdout.trim()
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string }
    throw new CommandError(`git ${args[0]} in ${folder}: ${stderr.trim() || message}`)
  }
}
