import { expect, test } from 'vitest'
import { commitAddress } from './commit-address.ts'

const revision = 'a'.repeat(40)

test.each([
  ['https://github.com/shop/web.git', `https://github.com/shop/web/commit/${revision}`],
  ['git@github.com:shop/web.git', `https://github.com/shop/web/commit/${revision}`],
  [
    'ssh://git@gitlab.example.com:2222/team/shop/web.git',
    `https://gitlab.example.com/team/shop/web/-/commit/${revision}`,
  ],
  ['https://user:secret@bitbucket.org/shop/web', `https://bitbucket.org/shop/web/commits/${revision}`],
  ['https://git.example.com/shop.git', undefined],
  ['/srv/git/shop.git', undefined],
  ['javascript:alert(1)//github', undefined],
])('a commit of %s is read at %s', (repoURL, address) => {
  expect(commitAddress({ repoURL, revision })).toBe(address)
})

test('a chart has no commits', () => {
  expect(commitAddress({ repoURL: 'https://github.com/a/b', revision, chart: 'web' })).toBeUndefined()
})
