/** SSH host keys as argocd-ssh-known-hosts-cm keeps them: the lines of a known_hosts file. Pure. */
import { createHash } from 'node:crypto'

export interface HostKey {
  host: string
  /** Such as `ssh-ed25519`. */
  type: string
  /** Base64, with whatever comment follows. */
  data: string
}

/** One of several hosts, or a key. */
export function readKnownHosts(text: string): HostKey[] {
  return text.split(/\r?\n/).flatMap((line) => hostKeyOf(line.trim()) ?? [])
}

function hostKeyOf(line: string): HostKey | undefined {
  if (line.startsWith('#')) return undefined
  const [, host, type, data] = /^(\S+)\s+(\S+)\s+(.+)$/.exec(line) ?? []
  return host && type && data ? { host, type, data } : undefined
}

/** The lines that are none of keys, such as comments, stay where they are at the top. */
export function writeKnownHosts(keys: HostKey[], before: string): string {
  const others = before.split(/\r?\n/).filter((line) => line.trim() !== '' && !hostKeyOf(line.trim()))
  const lines = keys.map(({ host, type, data }) => `${host} ${type} ${data}`)
  return [...others, ...lines].map((line) => `${line}\n`).join('')
}

/** As `ssh-keygen -l` prints it, without `SHA256:`; '' when it is no key. */
export function fingerprint({ data }: Pick<HostKey, 'data'>): string {
  const blob = blobOf(data)
  return blob ? createHash('sha256').update(blob).digest('base64').replace(/=+$/, '') : ''
}

/** Why it is no key of that type; undefined: it is. */
export function keyFault({ type, data }: HostKey): string | undefined {
  const blob = blobOf(data)
  if (!blob) return 'its data is not base64'
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0
  const named = blob.toString('latin1', 4, 4 + length)
  return named === type ? undefined : `its data is no key of the type ${type}`
}

/** The first field of a key names its type, as in RFC 4253. */
function blobOf(data: string): Buffer | undefined {
  const [base64 = ''] = data.trim().split(/\s+/)
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined
  return Buffer.from(base64, 'base64')
}
