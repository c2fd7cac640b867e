/** An authority for one test file, and certificates signed by it. */
import { generate } from 'selfsigned'

export interface Issued {
  cert: string
  key: string
}

export interface Authority {
  cert: string
  /** Of a server on this machine, by the name localhost and others. */
  server(options?: { until?: Date; names?: string[] }): Promise<Issued>
  client(name: string): Promise<Issued>
}

const dayMs = 86_400_000
const elliptic = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const

export async function makeAuthority(): Promise<Authority> {
  const own = await generate([{ name: 'commonName', value: 'Authority of a test' }], {
    ...elliptic,
    notAfterDate: new Date(Date.now() + dayMs),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true },
    ],
  })
  const ca = { key: own.private, cert: own.cert }
  const issue = async (name: string, until: Date, extensions: object[]): Promise<Issued> => {
    const made = await generate([{ name: 'commonName', value: name }], {
      ...elliptic,
      ca,
      notBeforeDate: new Date(until.getTime() - 2 * dayMs),
      notAfterDate: until,
      extensions: [{ name: 'basicConstraints', cA: false }, ...extensions] as never,
    })
    return { cert: made.cert, key: made.private }
  }
  return {
    cert: own.cert,
    server: ({ until = new Date(Date.now() + dayMs), names = [] } = {}) =>
      issue('localhost', until, [
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: [...['localhost', ...names].map((value) => ({ type: 2, value })), { type: 7, ip: '127.0.0.1' }],
        },
      ]),
    client: (name) => issue(name, new Date(Date.now() + dayMs), [{ name: 'extKeyUsage', clientAuth: true }]),
  }
}
