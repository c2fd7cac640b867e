import { expect, test } from 'vitest'
import { openRemoteFiles, type Remote, remoteStillHolds } from './remote-files.ts'

const source = { repoURL: 'https://git.example.com/base', targetRevision: 'main' }

function remote(scope: string, isDown = false): Remote {
  return {
    resolve: async () => {
      if (isDown) throw new Error('the host cannot be reached')
      return { revision: 'r1' }
    },
    tree: async () => ({}) as never,
    download: async () => Buffer.from(''),
    scopeOf: () => scope,
  }
}

test('what was read with credentials is not what is read without them, even where the host is down', async () => {
  const files = openRemoteFiles(remote('all projects'), undefined)
  await files.open(source)
  const holds = (now: Remote) => remoteStillHolds(files.observations, now, { unlessDown: true })
  expect(await holds(remote('all projects'))).toBe(true)
  expect(await holds(remote('all projects', true))).toBe(true)
  expect(await holds(remote('nobody'))).toBe(false)
  expect(await holds(remote('nobody', true))).toBe(false)
})
