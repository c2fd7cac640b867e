/** What GnuPG says about public keys: read in a keyring of their own, which is thrown away. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LRUCache } from 'lru-cache'
import { StageError } from '../model/index.ts'
import { RunError, run } from '../process/run.ts'

export interface PublicKey {
  /** The last 16 digits of the fingerprint. */
  id: string
  fingerprint: string
  /** Name and address of who it belongs to. */
  owner: string
  /** Algorithm and length, such as `rsa4096` or `ed25519`. */
  algorithm: string
  /** ASCII-armoured. */
  armoured: string
}

/** Throws a StageError when the text holds no key that can be read. */
export type ReadPublicKeys = (armoured: string) => Promise<PublicKey[]>

const limits = { timeLimitMs: 30_000, outputLimit: 4 * 1024 * 1024 }
const quietly = ['--batch', '--no-tty', '--no-autostart', '--quiet']

/** `directory`: of our own. */
export function openPublicKeys(directory: string): ReadPublicKeys {
  const known = new LRUCache<string, Promise<PublicKey[]>>({ max: 500 })
  return (armoured) => {
    const keys = known.get(armoured) ?? readKeys(armoured, directory)
    known.set(armoured, keys)
    keys.catch(() => known.delete(armoured))
    return keys
  }
}

async function readKeys(armoured: string, directory: string): Promise<PublicKey[]> {
  if (/PRIVATE KEY BLOCK/.test(armoured)) throw unusable('it holds a private key: give the public one alone')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const home = await mkdtemp(join(directory, 'read-'))
  const env = { PATH: process.env.PATH ?? '', GNUPGHOME: home, LC_ALL: 'C' }
  const gpg = (args: string[], input?: string) =>
    run('gpg', { args: [...quietly, ...args], env, ...limits, ...(input !== undefined && { input }) })
  try {
    await gpg(['--import'], armoured)
    const { stdout } = await gpg(['--with-colons', '--fixed-list-mode', '--list-keys'])
    const listed = parseKeyList(stdout.toString('utf8'))
    if (listed.length === 0) throw unusable('it holds no public key')
    return await Promise.all(
      listed.map(async (key) => {
        const exported = await gpg(['--armor', '--export', key.fingerprint])
        return { ...key, armoured: exported.stdout.toString('utf8') }
      }),
    )
  } catch (error) {
    if (error instanceof RunError && error.failure === 'missing') {
      const message = 'keys cannot be read: GnuPG (the program gpg) is not installed; install it'
      throw new StageError('source', message, { retry: false, cause: error })
    }
    if (error instanceof RunError) throw unusable('GnuPG cannot read it', error)
    throw error
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

function unusable(why: string, cause?: unknown): StageError {
  return new StageError('source', `the text is no ASCII-armoured public key: ${why}`, { retry: false, cause })
}

const algorithms: Record<string, string> = { 1: 'rsa', 2: 'rsa', 3: 'rsa', 16: 'elg', 17: 'dsa' }

/** The listing for programs: one record a line, fields between colons. */
export function parseKeyList(listing: string): Omit<PublicKey, 'armoured'>[] {
  const keys: Omit<PublicKey, 'armoured'>[] = []
  let current: Omit<PublicKey, 'armoured'> | undefined
  let isPrimary = false
  for (const fields of listing.split('\n').map((line) => line.split(':'))) {
    const [record, , length = '', algorithm = ''] = fields
    const text = fields[9] ?? ''
    if (record === 'pub') {
      // Of elliptic keys the curve is named in place of the length.
      const name = algorithms[algorithm]
      current = { id: '', fingerprint: '', owner: '', algorithm: name ? `${name}${length}` : (fields[16] ?? '') }
      keys.push(current)
      isPrimary = true
    } else if (record === 'sub') isPrimary = false
    else if (record === 'fpr' && isPrimary && current) {
      current.fingerprint = text
      current.id = text.slice(-16)
    } else if (record === 'uid' && current && current.owner === '') current.owner = unescaped(text)
  }
  return keys.filter(({ fingerprint }) => fingerprint !== '')
}

/** Colons and the like are written as `\x3a`. */
function unescaped(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/gi, (_match, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}
