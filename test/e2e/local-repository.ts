/** A repository in a folder, with a branch main. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { commitAll, identity, initialize } from '../../src/source/fixtures/working-copy.ts'

export interface LocalRepository {
  url: string
  /** Of main. */
  revision(): string
  /** Writes the files and commits; answers the commit's id. */
  commit(files: Record<string, string>): string
}

export function localRepository(folder: string, files: Record<string, string>): LocalRepository {
  mkdirSync(folder)
  const copy = { path: folder, env: { ...process.env, ...identity } }
  initialize(copy)
  const commit = (changed: Record<string, string>) => {
    for (const [name, text] of Object.entries(changed)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    return commitAll(copy, 'change')
  }
  commit(files)
  const revision = () => execFileSync('git', ['rev-parse', 'HEAD'], { cwd: folder, encoding: 'utf8' }).trim()
  return { url: `file://${folder}`, revision, commit }
}
