import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDirectory } from './local-directory.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tiphys-directory-'))
  await mkdir(join(folder, 'app/.git'), { recursive: true })
  await writeFile(join(folder, 'app/web.yaml'), 'a: 1\n')
  await writeFile(join(folder, 'outside.yaml'), 'secret: 1\n')
  await symlink('web.yaml', join(folder, 'app/link.yaml'))
  await symlink('../outside.yaml', join(folder, 'app/escape.yaml'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('files are read as they are on the disk, links inside the folder followed', async () => {
  const tree = openDirectory(join(folder, 'app'))
  expect((await tree.read('web.yaml')).toString()).toBe('a: 1\n')
  expect((await tree.read('link.yaml')).toString()).toBe('a: 1\n')
  expect([...(await openDirectory(folder).list('app')).keys()].sort()).toEqual(['escape.yaml', 'link.yaml', 'web.yaml'])
})

test('nothing outside the folder is read, neither by path nor by link', async () => {
  const tree = openDirectory(join(folder, 'app'))
  await expect(tree.read('../outside.yaml')).rejects.toThrow(/leads out of the repository/)
  await expect(tree.read('escape.yaml')).rejects.toThrow(/leads out of the repository/)
})
