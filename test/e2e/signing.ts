/** A GnuPG key of its own for one test file, in a home that is gone afterwards. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'

export interface SigningKey {
  /** The fingerprint. */
  id: string
  armoured: string
  /** The environment in which git and gpg find it. */
  environment: Record<string, string>
  close(): void
}

export function hasGnupg(): boolean {
  try {
    execFileSync('gpg', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export function makeSigningKey(): SigningKey {
  // The agent's socket has to fit into a path of some hundred characters.
  const home = mkdtempSync(join('/tmp', 'sign-'))
  const environment = { PATH: process.env.PATH ?? '', GNUPGHOME: home }
  const gpg = (...args: string[]) =>
    execFileSync('gpg', ['--batch', '--no-tty', '--quiet', ...args], {
      env: environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  gpg('--passphrase', '', '--quick-gen-key', 'signer@example.com', 'ed25519', 'sign', 'never')
  const id = /^fpr:+([0-9A-F]+):/m.exec(gpg('--with-colons', '--fingerprint'))?.[1] ?? ''
  return {
    id,
    armoured: gpg('--armor', '--export', id),
    environment,
    close() {
      execFileSync('gpgconf', ['--kill', 'all'], { env: environment, stdio: 'ignore' })
      rmSync(home, { recursive: true, force: true })
    },
  }
}
