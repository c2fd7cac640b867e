import { expect, test } from 'vitest'
import { readKnownHosts } from './known-hosts.ts'

test('each host of each line is a key; comments are skipped, and what cannot be read is told', () => {
  const text =
    '# GitHub\ngithub.com,140.82.121.4 ssh-ed25519 AAAAC3Nz comment\n\nnonsense\n[git.example.com]:2222 ssh-rsa AAAAB3=='
  expect(readKnownHosts(text)).toEqual({
    keys: [
      { serverName: 'github.com', certType: 'ssh', certSubType: 'ssh-ed25519', certData: btoa('AAAAC3Nz') },
      { serverName: '140.82.121.4', certType: 'ssh', certSubType: 'ssh-ed25519', certData: btoa('AAAAC3Nz') },
      { serverName: '[git.example.com]:2222', certType: 'ssh', certSubType: 'ssh-rsa', certData: btoa('AAAAB3==') },
    ],
    unread: [4],
  })
})
