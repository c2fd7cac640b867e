/** A Git host over SSH for tests: the real sshd, on a port of this machine. */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './server-program.ts'

/** Undefined where OpenSSH's server is not installed. */
export const sshd = ['/usr/sbin/sshd', '/usr/local/sbin/sshd'].find((path) => existsSync(path))

export interface SshHost {
  port: number
  /** PEM of a key that it admits. */
  privateKey: string
  /** A line of known_hosts, and the fingerprint of the key in it. */
  knownHost: string
  fingerprint: string
  url(path: string): string
  close(): Promise<void>
}

export interface SshHostOptions {
  port?: number
}

export async function startSshHost({ port: wanted }: SshHostOptions = {}): Promise<SshHost> {
  if (!sshd) throw new Error('sshd is not installed')
  const folder = mkdtempSync(join(tmpdir(), 'tiphys-sshd-'))
  const makeKey = (name: string): string => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(folder, name)])
    return readFileSync(join(folder, name), 'utf8')
  }
  makeKey('host')
  const privateKey = makeKey('client')
  const publicKey = (name: string): string => readFileSync(join(folder, `${name}.pub`), 'utf8')
  writeFileSync(join(folder, 'authorized'), publicKey('client'))
  const port = wanted ?? (await freePort())
  const settings = {
    ListenAddress: `127.0.0.1:${port}`,
    HostKey: join(folder, 'host'),
    PidFile: 'none',
    AuthorizedKeysFile: join(folder, 'authorized'),
    StrictModes: 'no',
    UsePAM: 'no',
    PasswordAuthentication: 'no',
    KbdInteractiveAuthentication: 'no',
    PermitRootLogin: 'prohibit-password',
    LogLevel: 'ERROR',
  }
  const file = join(folder, 'sshd_config')
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(''),
  )
  // Where its processes part with their rights; only root's sshd asks for it.
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true })
  const child = spawn(sshd, ['-D', '-e', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 100 || child.exitCode !== null) throw new Error(`sshd did not start: ${said}`)
    await sleep(50)
  }
  const [type = '', key = ''] = publicKey('host').split(' ')
  const [, fingerprint = ''] = execFileSync('ssh-keygen', ['-l', '-f', join(folder, 'host.pub')], {
    encoding: 'utf8',
  }).split(' ')
  return {
    port,
    privateKey,
    knownHost: `[localhost]:${port} ${type} ${key}`,
    fingerprint,
    url: (path) => `ssh://${userInfo().username}@localhost:${port}${path}/.git`,
    async close() {
      child.kill()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (isThere: boolean) => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}
