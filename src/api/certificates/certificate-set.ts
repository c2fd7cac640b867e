/** The host keys and certificates of an installation, and what a request makes of them. Pure. */
import { isIP } from 'node:net'
import { matchesGlob } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'
import { fingerprint, type HostKey, keyFault } from './known-hosts.ts'
import { certificateInfo, certificatesIn } from './tls-certificates.ts'

export interface CertificateSet {
  hostKeys: HostKey[]
  /** PEM, by host. */
  tls: Record<string, string>
}

export interface ShownCertificate {
  serverName: string
  certType: 'ssh' | 'https'
  certSubType?: string
  /** Base64. */
  certData?: string
  certInfo?: string
}

export interface GivenCertificate {
  serverName?: string
  certType?: string
  certSubType?: string
  certData?: string
}

export interface Selection {
  hostNamePattern?: string
  certType?: string
  certSubType?: string
}

type Matches = (host: string, subType?: string) => boolean

/** More of them take long to try against a host, and mean nothing more. */
const mostStars = 5

function matching({ hostNamePattern = '', certSubType = '' }: Selection): Matches {
  if (hostNamePattern.split('*').length - 1 > mostStars) {
    throw invalid(`hostNamePattern has more than ${mostStars} asterisks: write a shorter one`)
  }
  return (host, subType) =>
    (hostNamePattern === '' || matchesGlob(hostNamePattern.replaceAll('[', '\\['), host, '/')) &&
    (subType === undefined || certSubType === '' || certSubType === '*' || certSubType === subType)
}

function concerns({ certType = '' }: Selection, types: string[]): boolean {
  return certType === '' || certType === '*' || types.includes(certType)
}

const tlsTypes = ['https', 'tls']

export function listCertificates({ hostKeys, tls }: CertificateSet, selection: Selection): ShownCertificate[] {
  const matches = matching(selection)
  const keys = concerns(selection, ['ssh']) ? hostKeys.filter(({ host, type }) => matches(host, type)) : []
  const hosts = concerns(selection, tlsTypes) ? Object.entries(tls).filter(([host]) => matches(host)) : []
  return [
    ...keys.map(shownKey),
    ...hosts.flatMap(([serverName, text]) =>
      certificatesIn(text).map((pem): ShownCertificate => {
        const { subType, info } = certificateInfo(pem)
        return { serverName, certType: 'https', certSubType: subType, certInfo: info }
      }),
    ),
  ]
}

function shownKey(key: HostKey): ShownCertificate {
  return { serverName: key.host, certType: 'ssh', certSubType: key.type, certInfo: `SHA256:${fingerprint(key)}` }
}

export interface Outcome {
  set: CertificateSet
  /** What was added, or removed. */
  changed: ShownCertificate[]
}

/** Throws InvalidArgument: all of them are added, or none. */
export function addCertificates(set: CertificateSet, given: GivenCertificate[], upsert: boolean): Outcome {
  let outcome: Outcome = { set, changed: [] }
  for (const one of given) {
    const { set: next, changed } = addCertificate(outcome.set, one, upsert)
    outcome = { set: next, changed: [...outcome.changed, ...changed] }
  }
  return outcome
}

function addCertificate(set: CertificateSet, given: GivenCertificate, upsert: boolean): Outcome {
  const { serverName = '', certType = '', certSubType = '', certData = '' } = given
  const data = Buffer.from(certData, 'base64').toString('utf8')
  if (certType === 'ssh') return addHostKey(set, { host: serverName, type: certSubType, data: data.trim() }, upsert)
  if (certType === 'https') return addTls(set, serverName, { text: data, upsert })
  throw invalid(`the type ${JSON.stringify(certType)} of a certificate is none of ssh and https`)
}

function addHostKey(set: CertificateSet, key: HostKey, upsert: boolean): Outcome {
  requireHost(/^\[(.*)\]:\d+$/.exec(key.host)?.[1] ?? key.host)
  const fault = /\s/.test(key.type) || /[\r\n]/.test(key.data) ? 'it has several lines' : keyFault(key)
  if (fault) throw invalid(`the key of ${key.host} cannot be used: ${fault}`)
  const known = set.hostKeys.find(({ host, type }) => host === key.host && type === key.type)
  if (known?.data === key.data) return { set, changed: [] }
  if (known && !upsert) throw invalid(`there is another ${key.type} key of ${key.host}: use upsert to replace it`)
  const hostKeys = known ? set.hostKeys.map((one) => (one === known ? key : one)) : [...set.hostKeys, key]
  const certData = Buffer.from(key.data).toString('base64')
  return { set: { ...set, hostKeys }, changed: [{ ...shownKey(key), certData, certInfo: fingerprint(key) }] }
}

function addTls(set: CertificateSet, host: string, { text, upsert }: { text: string; upsert: boolean }): Outcome {
  requireHost(host)
  const blocks = blocksOf(host, text)
  if (blocks.length === 0) throw invalid(`the certificate for ${host} is not in PEM format`)
  if (blocks.some((pem) => certificateInfo(pem).subType === 'invalid')) {
    throw invalid(`the certificate for ${host} is no X.509 certificate`)
  }
  const known = set.tls[host]
  if (known === text) return { set, changed: [] }
  if (known !== undefined && !upsert)
    throw invalid(`there is another certificate for ${host}: use upsert to replace it`)
  return { set: { ...set, tls: { ...set.tls, [host]: text } }, changed: blocks.map((pem) => wholeTls(host, pem)) }
}

function blocksOf(host: string, text: string): string[] {
  try {
    return certificatesIn(text)
  } catch (error) {
    throw invalid(`the certificates for ${host} cannot be used: ${(error as Error).message}`)
  }
}

function wholeTls(serverName: string, pem: string): ShownCertificate {
  return { serverName, certType: 'https', certData: Buffer.from(pem).toString('base64') }
}

export function removeCertificates(set: CertificateSet, selection: Selection): Outcome {
  const matches = matching(selection)
  const goes = ({ host, type }: HostKey) => concerns(selection, ['ssh']) && matches(host, type)
  const tlsGoes = (host: string) => concerns(selection, tlsTypes) && matches(host)
  const hosts = Object.entries(set.tls)
  return {
    set: {
      hostKeys: set.hostKeys.filter((key) => !goes(key)),
      tls: Object.fromEntries(hosts.filter(([host]) => !tlsGoes(host))),
    },
    changed: [
      ...set.hostKeys.filter(goes).map(
        ({ host, type, data }): ShownCertificate => ({
          serverName: host,
          certType: 'ssh',
          certSubType: type,
          certData: Buffer.from(data).toString('base64'),
        }),
      ),
      ...hosts
        .filter(([host]) => tlsGoes(host))
        .flatMap(([host, text]) => certificatesIn(text).map((pem) => wholeTls(host, pem))),
    ],
  }
}

/** It becomes the name of a file in some tools, and the key of a ConfigMap. */
function requireHost(host: string): void {
  if (/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?$/i.test(host) || isIP(host) === 6) return
  throw invalid(`${JSON.stringify(host)} is no name of a host`)
}

function invalid(message: string): ApiError {
  return new ApiError('InvalidArgument', message)
}
