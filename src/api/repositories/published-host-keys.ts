/** SSH host keys that public Git hosts publish, so that their repositories can be read without setting anything up. Pure. */
import { readKnownHosts } from '../certificates/known-hosts.ts'

/**
 * Each host has one of this type, and OpenSSH asks for the types that are known. Published at
 * https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/githubs-ssh-key-fingerprints,
 * https://docs.gitlab.com/user/gitlab_com/#ssh-known_hosts-entries and
 * https://support.atlassian.com/bitbucket-cloud/docs/configure-ssh-and-two-step-verification/.
 */
const published = [
  ['github.com', 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'],
  ['[ssh.github.com]:443', 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'],
  ['gitlab.com', 'AAAAC3NzaC1lZDI1NTE5AAAAIAfuCHKVTjquxvt6CM6tdG4SLp1Btn/nOeHHE5UOzRdf'],
  ['[altssh.gitlab.com]:443', 'AAAAC3NzaC1lZDI1NTE5AAAAIAfuCHKVTjquxvt6CM6tdG4SLp1Btn/nOeHHE5UOzRdf'],
  ['bitbucket.org', 'AAAAC3NzaC1lZDI1NTE5AAAAIIazEu89wgQZ4bqs3d63QSMzYVa0MuJ2e2gKTKqu+UUO'],
] as const

/** `known`: the text of a known_hosts file. A host that is in it has the keys that it gives, and no others. */
export function withPublishedKeys(known: string): string {
  const named = new Set(readKnownHosts(known).flatMap(({ host, type }) => [...host.split(','), ...type.split(',')]))
  const lines = published.flatMap(([host, data]) => (named.has(host) ? [] : `${host} ssh-ed25519 ${data}\n`))
  return [known, ...(known === '' || known.endsWith('\n') ? [] : ['\n']), ...lines].join('')
}
