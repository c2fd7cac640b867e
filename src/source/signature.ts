/** Who has signed a commit, by the real git and GnuPG with a keyring of just the keys that are trusted. */
import { createHash } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type CommitSignature, messageOf, StageError } from '../model/index.ts'
import { RunError, run } from '../process/run.ts'

export interface Keyrings {
  /** `keys`: ASCII-armoured. `environment`: in which git finds the commit. */
  verify(oid: string, request: { keys: string[]; environment: Record<string, string> }): Promise<CommitSignature>
}

const limits = { timeLimitMs: 30_000, outputLimit: 1024 * 1024 }
const quietly = ['--batch', '--no-tty', '--no-autostart', '--quiet']

/** `directory`: of our own, for the keyrings. */
export function openKeyrings(directory: string): Keyrings {
  const made = new Map<string, Promise<string>>()

  /** One for each set of keys; a set that has changed is another one. */
  function keyring(keys: string[]): Promise<string> {
    const text = keys.join('\n')
    const id = createHash('sha256').update(text).digest('hex').slice(0, 16)
    const ring = made.get(id) ?? makeKeyring(join(directory, id), text)
    made.set(id, ring)
    ring.catch(() => made.delete(id))
    return ring
  }

  return {
    async verify(oid, { keys, environment }) {
      const home = await keyring(keys)
      const args = ['-c', 'gpg.program=gpg', '-c', 'gpg.ssh.program=false', '-c', 'gpg.x509.program=false']
      const env = { ...environment, GNUPGHOME: home, GIT_NO_REPLACE_OBJECTS: '1' }
      const told = await run('git', { args: [...args, 'verify-commit', '--raw', oid], env, ...limits }).then(
        ({ stderr }) => stderr,
        (error: unknown) => {
          if (error instanceof RunError && error.failure === 'exit') return error.stderr
          throw unverifiable(error)
        },
      )
      return readStatus(told)
    },
  }
}

async function makeKeyring(home: string, keys: string): Promise<string> {
  const draft = `${home}.${process.pid}`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true, mode: 0o700 })
  const env = { PATH: process.env.PATH ?? '', GNUPGHOME: draft, LC_ALL: 'C' }
  if (keys.trim() !== '') {
    await run('gpg', { args: [...quietly, '--import'], env, input: keys, ...limits }).catch((error: unknown) => {
      throw unverifiable(error)
    })
  }
  await rm(home, { recursive: true, force: true })
  await rename(draft, home)
  return home
}

function unverifiable(error: unknown): StageError {
  if (error instanceof RunError && error.failure === 'missing') {
    const message = 'signatures of commits cannot be verified: GnuPG (the program gpg) is not installed; install it'
    return new StageError('source', message, { retry: false, cause: error })
  }
  return new StageError('source', `signatures of commits cannot be verified: ${messageOf(error)}`, {
    retry: true,
    cause: error,
  })
}

const problems: Record<string, string> = {
  BADSIG: 'its signature does not fit its content',
  EXPSIG: 'its signature has expired',
  EXPKEYSIG: 'the key that signed it has expired',
  REVKEYSIG: 'the key that signed it has been revoked',
  ERRSIG: 'its signature cannot be checked',
  NO_PUBKEY: 'the key that signed it is not in argocd-gpg-keys-cm',
}

/** From the lines that GnuPG writes for programs (its file DETAILS). */
export function readStatus(text: string): CommitSignature {
  const lines = [...text.matchAll(/^\[GNUPG:\] (\S+) ?(.*)$/gm)].map(([, word = '', rest = '']) => ({ word, rest }))
  // The last reason is the plainest: an unknown key is told after the failed check.
  const problem = lines.findLast(({ word }) => word in problems)
  if (problem) {
    const key = /[0-9A-F]{16,40}/i.exec(problem.rest)?.[0]
    return { kind: 'bad', problem: `${problems[problem.word]}${key ? ` (key ${key.slice(-16)})` : ''}` }
  }
  const valid = lines.find(({ word }) => word === 'VALIDSIG')
  if (!valid || !lines.some(({ word }) => word === 'GOODSIG')) return { kind: 'unsigned' }
  const fingerprints = valid.rest.split(' ')
  return { kind: 'good', keys: [fingerprints[0] ?? '', fingerprints.at(-1) ?? ''] }
}
