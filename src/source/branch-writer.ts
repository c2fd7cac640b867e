/** Commits to branches of a Git repository, without a working copy: what does not change is not even fetched. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { StageError, withoutPassword } from '../model/index.ts'
import { RunError } from '../process/run.ts'
import { type Git, gitError } from './git.ts'
import type { RemoteGit } from './remote-git.ts'
import type { RepositoryAddress } from './repository-address.ts'

export interface BranchChange {
  /** Where the change begins; the default branch where it is empty or HEAD. */
  base: string
  /** Where it goes; the same where it is empty. One that is there already is gone on with. */
  branch: string
  /** Asked again when somebody else has been faster. `read` gives undefined for a file that is not there. */
  edit(read: (path: string) => Promise<string | undefined>): Promise<ReadonlyMap<string, string>>
  message: string
  author: { name: string; email: string }
}

export interface BranchCommit {
  branch: string
  /** The commit that the branch is at. */
  revision: string
  /** Whether it was made now; false where the files are as they should be. */
  isNew: boolean
}

export interface BranchWriterOptions {
  git: Git
  remote: RemoteGit
  address: RepositoryAddress
  /** Where a folder for the time of the work is made. */
  directory: string
}

const attempts = 5
const largestFile = 4 * 1024 * 1024
const longLimitMs = 300_000

/** Throws a StageError that says what is wrong with the repository, the branch or the right to write to it. */
export async function commitToBranch(options: BranchWriterOptions, change: BranchChange): Promise<BranchCommit> {
  await mkdir(options.directory, { recursive: true })
  const folder = await mkdtemp(join(options.directory, 'write-'))
  try {
    return await new BranchWriter(options, change, folder).run()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

class BranchWriter {
  readonly #options: BranchWriterOptions
  readonly #change: BranchChange
  readonly #folder: string
  readonly #inCopy: string[]

  constructor(options: BranchWriterOptions, change: BranchChange, folder: string) {
    this.#options = options
    this.#change = change
    this.#folder = folder
    this.#inCopy = ['--git-dir', join(folder, 'copy.git')]
  }

  async run(): Promise<BranchCommit> {
    for (let attempt = 1; ; attempt++) {
      const { start, branch, format } = await this.#branches()
      if (attempt === 1) await this.#prepare(format)
      const head = await this.#fetch(start)
      const commit = await this.#commit(head)
      if (commit === undefined) return { branch, revision: head, isNew: false }
      if (await this.#push(commit, branch, attempt < attempts)) return { branch, revision: commit, isNew: true }
    }
  }

  async #prepare(format: string): Promise<void> {
    const { git, address } = this.#options
    const copy = join(this.#folder, 'copy.git')
    await git.run(['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, copy])
    const quoted = address.url.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
    const origin = `[remote "origin"]\n\turl = "${quoted}"\n\tpromisor = true\n\tpartialclonefilter = blob:none\n`
    await writeFile(join(copy, 'config'), origin, { flag: 'a', mode: 0o600 })
  }

  /** From which branch to begin, and to which to go. */
  async #branches(): Promise<{ start: string; branch: string; format: string }> {
    const { address } = this.#options
    const { base, branch } = this.#change
    const wanted = base === 'HEAD' ? '' : base.replace(/^refs\/heads\//, '')
    for (const name of [wanted, branch]) if (name !== '') await this.#checkName(name)
    const refs = [wanted, branch].filter((name) => name !== '').map((name) => `refs/heads/${name}`)
    const listed = await this.#remote('listing', ['ls-remote', '--symref', '--', address.url, 'HEAD', ...refs], [])
    const format = /^[0-9a-f]{64}\t/m.test(listed) ? 'sha256' : 'sha1'
    const main = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(listed)?.[1]
    const from = wanted || main
    if (from === undefined) throw this.#fault('it has no default branch: name one in git-branch')
    const exists = (name: string) => listed.includes(`\trefs/heads/${name}\n`)
    const to = branch || from
    if (exists(to)) return { start: to, branch: to, format }
    if (exists(from) || from === main) return { start: from, branch: to, format }
    throw this.#fault(`it has no branch ${from}, and only to a branch can be written: name one in git-branch`)
  }

  async #checkName(name: string): Promise<void> {
    const { git } = this.#options
    const isGood = await git.run(['check-ref-format', `refs/heads/${name}`]).then(
      () => !name.startsWith('-'),
      () => false,
    )
    if (!isGood) throw this.#fault(`${JSON.stringify(name.slice(0, 100))} is no name of a branch`)
  }

  async #fetch(branch: string): Promise<string> {
    const quietly = ['--quiet', '--no-tags', '--no-write-fetch-head', '--recurse-submodules=no']
    const wanted = `+refs/heads/${branch}:refs/heads/work`
    await this.#remote('fetching', ['fetch', ...quietly, '--depth=1', '--filter=blob:none', 'origin', wanted])
    return (await this.#local(['rev-parse', '--verify', 'refs/heads/work^{commit}'])).trim()
  }

  /** Undefined where nothing changes. */
  async #commit(head: string): Promise<string | undefined> {
    const { edit, message, author } = this.#change
    const before = new Map<string, string | undefined>()
    const read = async (path: string) => {
      const content = await this.#read(head, path)
      before.set(path, content)
      return content
    }
    const files = [...(await edit(read))].filter(([path, content]) => before.get(path) !== content)
    if (files.length === 0) return undefined
    const environment = { GIT_INDEX_FILE: join(this.#folder, 'index') }
    await this.#local(['read-tree', head], { environment })
    for (const [path, content] of files) {
      const oid = (await this.#local(['hash-object', '-w', '--stdin'], { input: content })).trim()
      const mode = (await this.#entry(head, path))?.mode ?? '100644'
      const entry = `${mode},${oid},${checkedPath(path)}`
      await this.#local(['update-index', '--add', '--cacheinfo', entry], { environment })
    }
    const tree = (await this.#local(['write-tree', '--missing-ok'], { environment })).trim()
    const by = {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_COMMITTER_NAME: author.name,
      GIT_COMMITTER_EMAIL: author.email,
    }
    const args = ['commit-tree', tree, '-p', head, '-F', '-']
    return (await this.#local(args, { input: message, environment: by })).trim()
  }

  async #entry(head: string, path: string): Promise<{ mode: string; oid: string } | undefined> {
    const listed = await this.#local(['--literal-pathspecs', 'ls-tree', '-z', head, '--', checkedPath(path)])
    const [, mode = '', type = '', oid = ''] = /^(\d+) (\w+) ([0-9a-f]+)\t/.exec(listed) ?? []
    if (oid === '') return undefined
    // Through a link a file elsewhere would be written, and one that is there would become none.
    if (type !== 'blob' || mode === '120000') throw this.#fault(`${path} is no file there, but a link or a folder`)
    return { mode, oid }
  }

  async #read(head: string, path: string): Promise<string | undefined> {
    const entry = await this.#entry(head, path)
    if (!entry) return undefined
    const content = await this.#remote('reading', ['cat-file', 'blob', entry.oid])
    if (content.length > largestFile) throw this.#fault(`${path} is larger than ${largestFile / 2 ** 20} MB`)
    return content
  }

  /** False when somebody else has pushed meanwhile. */
  async #push(commit: string, branch: string, mayTryAgain: boolean): Promise<boolean> {
    const args = ['push', '--quiet', '--no-verify', 'origin', `${commit}:refs/heads/${branch}`]
    try {
      await this.#options.remote.run([...this.#inCopy, ...args], { timeLimitMs: longLimitMs })
      return true
    } catch (error) {
      if (!(error instanceof RunError)) throw error
      const { message } = error
      if (mayTryAgain && overtaken.test(message)) return false
      throw refused.test(message)
        ? this.#fault(`its host takes no commit on ${branch}: ${said(message)}`, error)
        : gitError('pushing', this.#options.address.url, error)
    }
  }

  #local(args: string[], options: { input?: string; environment?: Record<string, string> } = {}): Promise<string> {
    const { git, address } = this.#options
    const environment = { GIT_NO_LAZY_FETCH: '1', ...options.environment }
    return git.run([...this.#inCopy, ...args], { ...options, environment }).catch((error: unknown) => {
      throw gitError('writing', address.url, error)
    })
  }

  #remote(doing: string, args: string[], where = this.#inCopy): Promise<string> {
    const { remote, address } = this.#options
    return remote.run([...where, ...args], { timeLimitMs: longLimitMs }).catch((error: unknown) => {
      throw gitError(doing, address.url, error)
    })
  }

  #fault(what: string, cause?: unknown): StageError {
    const message = `cannot write to ${withoutPassword(this.#options.address.url)}: ${what}`
    return new StageError('source', message, { retry: false, cause })
  }
}

const overtaken =
  /fetch first|non-fast-forward|cannot lock ref|failed to update ref|reference already exists|incorrect old value/i
const refused = /\[(remote )?rejected\]|protected branch|pre-receive hook|denied|read.?only/i

function said(message: string): string {
  const lines = message.split('\n').filter((line) => /rejected|remote:|denied|error:/i.test(line))
  return (lines.length > 0 ? lines : [message]).slice(-3).join(' ').slice(0, 500)
}

function checkedPath(path: string): string {
  const parts = path.split('/')
  const isGood = path !== '' && posix.normalize(path) === path && !posix.isAbsolute(path) && parts[0] !== '..'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (!isGood || parts.some((part) => /^\.git$/i.test(part)) || /[\u0000-\u001f\u007f\\]/.test(path))
    throw new StageError('source', `${JSON.stringify(path.slice(0, 200))} leads out of the repository`, {
      retry: false,
    })
  return path
}
