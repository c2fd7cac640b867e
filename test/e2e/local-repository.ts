/** A repository in a folder, with a branch main. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface LocalRepository {
  url: string
  /** Of main. */
  revision(): string
  /** Writes the files and commits; answers the commit's id. */
  commit(files: Record<string, string>): string
}

export function localRepository(folder: string, files: Record<string, string>): LocalRepository {
  mkdirSync(folder)
  const identity = ['-c', 'user.name=Author', '-c', 'user.email=author@example.com']
  const git = (...args: string[]) =>
    execFileSync('git', [...identity, ...args], { cwd: folder })
      .toString()
      .trim()
  git('init', '--quiet', '--initial-branch=main')
  const revision = () => git('rev-parse', 'HEAD')
  const commit = (changed: Record<string, string>) => {
    for (const [name, text] of Object.entries(changed)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    git('add', '.')
    git('commit', '--quiet', '--message', 'change')
    return revision()
  }
  commit(files)
  return { url: `file://${folder}`, revision, commit }
}
