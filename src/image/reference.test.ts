import { expect, test } from 'vitest'
import { imageKey, isSameImage, parseReference } from './reference.ts'

const digest = `sha256:${'a'.repeat(64)}`

test.each([
  ['nginx', { registry: 'docker.io', repository: 'library/nginx', name: 'nginx' }],
  ['nginx:1.25', { registry: 'docker.io', repository: 'library/nginx', name: 'nginx', tag: '1.25' }],
  ['org/app:^1.2', { registry: 'docker.io', repository: 'org/app', name: 'org/app', tag: '^1.2' }],
  ['org/app:>=1.0 <2', { registry: 'docker.io', repository: 'org/app', name: 'org/app', tag: '>=1.0 <2' }],
  ['docker.io/org/app', { registry: 'docker.io', repository: 'org/app', name: 'docker.io/org/app' }],
  ['localhost:5000/app', { registry: 'localhost:5000', repository: 'app', name: 'localhost:5000/app' }],
  [
    `r.example.com:5000/a/b:1@${digest}`,
    { registry: 'r.example.com:5000', repository: 'a/b', name: 'r.example.com:5000/a/b', tag: '1', digest },
  ],
  [`ghcr.io/a/b@${digest}`, { registry: 'ghcr.io', repository: 'a/b', name: 'ghcr.io/a/b', digest }],
])('%s is read as an image', (text, expected) => {
  expect(parseReference(text)).toEqual(expected)
})

test.each(['', ':1', '../secrets', 'a/../b', 'a b', '/app', 'host.example.com/', 'app?x=1', 'http://host/app'])(
  '%j is no image',
  (text) => {
    expect(parseReference(text)).toBeUndefined()
  },
)

test('one image has several spellings', () => {
  const same = ['nginx', 'docker.io/nginx', 'library/nginx', 'index.docker.io/library/nginx'].map(parseReference)
  expect(new Set(same.map((one) => one && imageKey(one)))).toEqual(new Set(['docker.io/library/nginx']))
  const [one, other] = [parseReference('ghcr.io/nginx'), parseReference('nginx')]
  expect(one && other && isSameImage(one, other)).toBe(false)
})
