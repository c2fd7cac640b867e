/** The certificates a sandbox makes for itself at its start: an authority, the server's, and an administrator's. */
import { generate } from 'selfsigned'

export interface KeyPair {
  key: string
  cert: string
}

export interface Certificates {
  caPem: string
  server: KeyPair
  admin: KeyPair
}

const days = 3650

function validity(now: Date) {
  return {
    notBeforeDate: new Date(now.getTime() - 3_600_000),
    notAfterDate: new Date(now.getTime() + days * 86_400_000),
  }
}

export async function makeCertificates(now: Date): Promise<Certificates> {
  const common = { ...validity(now), keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const
  const ca = await generate([{ name: 'commonName', value: 'sandbox-ca' }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, digitalSignature: true, critical: true },
    ],
  })
  const signer = { key: ca.private, cert: ca.cert }
  const server = await generate([{ name: 'commonName', value: 'kube-apiserver' }], {
    ...common,
    ca: signer,
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 2, value: 'kubernetes.default.svc' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  const admin = await generate(
    [
      { name: 'organizationName', value: 'system:masters' },
      { name: 'commonName', value: 'kubernetes-admin' },
    ],
    {
      ...common,
      ca: signer,
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', digitalSignature: true },
        { name: 'extKeyUsage', clientAuth: true },
      ],
    },
  )
  return {
    caPem: ca.cert,
    server: { key: server.private, cert: server.cert },
    admin: { key: admin.private, cert: admin.cert },
  }
}
