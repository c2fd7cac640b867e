/** The demo's Git repository: a bare one to deploy from, and commits made to it as a team would make them. */
import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface SampleRepository {
  /** The bare repository, as applications name it in repoURL. */
  path: string
  /** A working copy, for whoever wants to commit by hand. */
  workingCopy: string
  read(file: string): Promise<string>
  /** Writes the files (null removes one), commits and pushes; answers the new commit's id. */
  commit(message: string, files: Record<string, string | null>): Promise<string>
}

/** Makes `shop.git` and a working copy `shop` in `folder`, filled with the files below `samples`. */
export async function createSampleRepository(folder: string, samples: string): Promise<SampleRepository> {
  const path = join(folder, 'shop.git')
  const workingCopy = join(folder, 'shop')
  await git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', path)
  await git(folder, 'init', '--quiet', '--initial-branch=main', workingCopy)
  await git(workingCopy, 'remote', 'add', 'origin', path)
  await cp(samples, workingCopy, { recursive: true })

  async function push(message: string): Promise<string> {
    await git(workingCopy, 'add', '--all')
    await git(workingCopy, 'commit', '--quiet', '--message', message)
    await git(workingCopy, 'push', '--quiet', '--set-upstream', 'origin', 'main')
    return (await git(workingCopy, 'rev-parse', 'HEAD')).trim()
  }

  await push('Add the shop')
  return {
    path,
    workingCopy,
    read: (file) => readFile(join(workingCopy, file), 'utf8'),
    async commit(message, files) {
      for (const [file, text] of Object.entries(files)) {
        const target = join(workingCopy, file)
        if (text === null) await rm(target)
        else {
          await mkdir(dirname(target), { recursive: true })
          await writeFile(target, text)
        }
      }
      return push(message)
    },
  }
}

async function git(folder: string, ...args: string[]): Promise<string> {
  const identity = { NAME: 'Sample author', EMAIL: 'author@example.com' }
  const { stdout } = await run('git', args, {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      // Nobody's own settings (signing, hooks, templates) take part in the demo.
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TEMPLATE_DIR: '',
      GIT_AUTHOR_NAME: identity.NAME,
      GIT_AUTHOR_EMAIL: identity.EMAIL,
      GIT_COMMITTER_NAME: identity.NAME,
      GIT_COMMITTER_EMAIL: identity.EMAIL,
    },
  })
  return stdout
}
