/** Lines of a known_hosts file, as the API takes them. Pure. */

export interface GivenHostKey {
  serverName: string
  certType: 'ssh'
  certSubType: string
  /** Base64 of the key as the file has it. */
  certData: string
}

export interface ReadHosts {
  keys: GivenHostKey[]
  /** Numbers of the lines that are none. */
  unread: number[]
}

export function readKnownHosts(text: string): ReadHosts {
  const read: ReadHosts = { keys: [], unread: [] }
  for (const [at, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const [, hosts, type, data] = /^(\S+)\s+(\S+)\s+([A-Za-z0-9+/]+=*)(\s.*)?$/.exec(line) ?? []
    if (!hosts || !type || !data) {
      read.unread.push(at + 1)
      continue
    }
    for (const serverName of hosts.split(',')) {
      read.keys.push({ serverName, certType: 'ssh', certSubType: type, certData: btoa(data) })
    }
  }
  return read
}
