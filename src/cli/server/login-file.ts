/** The file with the logins: ours, or Argo CD's as long as there is none of ours. It holds tokens, so nobody else may read it. */
import { randomUUID } from 'node:crypto'
import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { dump, load } from 'js-yaml'
import { messageOf } from '../../model/index.ts'
import { CommandError } from '../exit-code.ts'
import { type Logins, noLogins } from './logins.ts'

type Environment = Record<string, string | undefined>

export interface LoginFile {
  logins: Logins
  /** Where changes are written. */
  path: string
}

export async function readLogins(file: string | undefined, env: Environment = process.env): Promise<LoginFile> {
  const [path, other] = loginPaths(file, env)
  const own = await readIfThere(path)
  return { path, logins: own ?? (other === undefined ? undefined : await readIfThere(other)) ?? noLogins }
}

/** Ours, and Argo CD's. */
export function loginPaths(file: string | undefined, env: Environment): [own: string, other?: string] {
  if (file !== undefined) return [file]
  const home = env.HOME || homedir()
  const base = env.XDG_CONFIG_HOME || join(home, '.config')
  const own = join(env.TIPHYS_CONFIG_DIR || join(base, 'tiphys'), 'config')
  return [own, join(env.ARGOCD_CONFIG_DIR || join(base, 'argocd'), 'config')]
}

async function readIfThere(path: string): Promise<Logins | undefined> {
  try {
    const { mode } = await stat(path)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new CommandError(`${path} holds tokens, and others may read it: run "chmod 600 ${path}"`)
    }
    return readShape(load(await readFile(path, 'utf8')), path)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    if (cause instanceof CommandError) throw cause
    throw new CommandError(`${path} cannot be read: ${messageOf(cause)}`, { cause })
  }
}

/** Fields of others are kept as they are. */
function readShape(value: unknown, path: string): Logins {
  const given = value ?? {}
  if (typeof given !== 'object' || Array.isArray(given)) throw new CommandError(`${path} is no file with logins`)
  const { contexts, servers, users, ...others } = given as Partial<Logins>
  const lists = { contexts: contexts ?? [], servers: servers ?? [], users: users ?? [] }
  for (const [name, list] of Object.entries(lists)) {
    if (!Array.isArray(list)) throw new CommandError(`${path}: ${name} is no list`)
  }
  return { 'current-context': '', ...others, ...lists }
}

/** In one step: whoever reads meanwhile sees the old file or the new one. */
export async function writeLogins(path: string, logins: Logins): Promise<void> {
  const temporary = `${path}.${randomUUID()}`
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeFile(temporary, dump(logins, { lineWidth: -1 }), { mode: 0o600 })
    await chmod(temporary, 0o600)
    await rename(temporary, path)
  } catch (cause) {
    throw new CommandError(`${path} cannot be written: ${messageOf(cause)}`, { cause })
  }
}
