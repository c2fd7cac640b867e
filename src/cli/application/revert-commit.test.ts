import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { commitRevert } from './revert-commit.ts'

let clone: string
const git = (...args: string[]) => execFileSync('git', args, { cwd: clone, encoding: 'utf8' }).trim()

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'tiphys-revert-'))
  git('init', '--quiet', '--initial-branch=main')
  git('config', 'user.name', 'Author')
  git('config', 'user.email', 'author@example.com')
})
afterEach(() => rmSync(clone, { recursive: true, force: true }))

function commit(files: Record<string, string | null>): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(clone, file, '..'), { recursive: true })
    if (text === null) rmSync(join(clone, file))
    else writeFileSync(join(clone, file), text)
  }
  git('add', '--all')
  git('commit', '--quiet', '--message', 'Change')
  return git('rev-parse', 'HEAD')
}

const read = (file: string) => readFileSync(join(clone, file), 'utf8')

function entry(revision: string, path = 'shop') {
  const source = { repoURL: 'https://git.example.com/shop.git', path, targetRevision: 'main' }
  return { id: 3, revision, source, deployedAt: '2026-01-01T00:00:00Z' }
}

test('the folder is as it was, new files and lost ones included, and nothing else is touched', async () => {
  const before = commit({ 'shop/web.yaml': 'v1', 'shop/old.yaml': 'old', 'other/web.yaml': 'v1' })
  commit({ 'shop/web.yaml': 'v2', 'shop/old.yaml': null, 'shop/new.yaml': 'new', 'other/web.yaml': 'v2' })
  const made = await commitRevert('shop', entry(before), clone)
  expect(made).toEqual({ commit: git('rev-parse', 'HEAD'), branch: 'main', folders: ['shop'] })
  expect([read('shop/web.yaml'), read('shop/old.yaml'), read('other/web.yaml')]).toEqual(['v1', 'old', 'v2'])
  expect(existsSync(join(clone, 'shop/new.yaml'))).toBe(false)
  expect(git('status', '--porcelain')).toBe('')
  expect(git('log', '-1', '--format=%s')).toBe(`Revert shop to ${before.slice(0, 12)}`)
})

test('what somebody is working on elsewhere in the clone stays out of the commit', async () => {
  const before = commit({ 'shop/web.yaml': 'v1' })
  commit({ 'shop/web.yaml': 'v2' })
  mkdirSync(join(clone, 'other'))
  writeFileSync(join(clone, 'other/draft.yaml'), 'draft')
  git('add', '--all')
  await commitRevert('shop', entry(before), clone)
  expect(git('show', '--name-only', '--format=', 'HEAD')).toBe('shop/web.yaml')
  expect(git('status', '--porcelain')).toBe('A  other/draft.yaml')
})

test('the whole repository can be the folder', async () => {
  const before = commit({ 'web.yaml': 'v1' })
  commit({ 'web.yaml': 'v2' })
  await commitRevert('shop', entry(before, '.'), clone)
  expect(read('web.yaml')).toBe('v1')
})

test('changes that are not committed are not lost', async () => {
  const before = commit({ 'shop/web.yaml': 'v1' })
  commit({ 'shop/web.yaml': 'v2' })
  writeFileSync(join(clone, 'shop/web.yaml'), 'v3')
  await expect(commitRevert('shop', entry(before), clone)).rejects.toThrow(/not committed/)
  expect(read('shop/web.yaml')).toBe('v3')
})

test('a clone without that commit, or with nothing to revert, is told', async () => {
  const now = commit({ 'shop/web.yaml': 'v1' })
  await expect(commitRevert('shop', entry('f'.repeat(40)), clone)).rejects.toThrow(/does not have f{40} of .*git fetch/)
  await expect(commitRevert('shop', entry(now), clone)).rejects.toThrow(/nothing to revert/)
})
