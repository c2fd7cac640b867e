import { existsSync, mkdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeDirectory, type TestDirectory } from '../source/fixtures/repository.ts'
import { removeStaleWorkspaces } from './workspace.ts'

let folder: TestDirectory
beforeEach(() => {
  folder = makeDirectory()
})
afterEach(() => folder.remove())

/** As it is left by a process that was killed so many minutes ago. */
function left(name: string, minutes: number): () => boolean {
  const directory = join(folder.path, name)
  mkdirSync(join(directory, 'files'), { recursive: true })
  const time = new Date(Date.now() - minutes * 60_000)
  utimesSync(directory, time, time)
  return () => existsSync(directory)
}

test('directories of renderings that were cut off are removed, those of others who are at work stay', async () => {
  const gone = 2 ** 22 + 1
  const before = left(`tiphys-render-${process.pid}-abc123`, 0)
  const old = left(`tiphys-render-${gone}-abc123`, 60)
  const young = left(`tiphys-render-${gone}-def456`, 1)
  const alive = left(`tiphys-render-${process.ppid}-abc123`, 60)
  const foreign = left('something-else', 60)
  await removeStaleWorkspaces(folder.path)
  expect([before(), old(), young(), alive(), foreign()]).toEqual([false, false, true, true, true])
})
