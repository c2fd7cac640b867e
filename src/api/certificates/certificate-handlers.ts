/** What repositories prove themselves with. */
import type { Action } from '../../contract/index.ts'
import { routes } from '../../contract/index.ts'
import { audit } from '../audit/audit.ts'
import { type Handler, handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { settingsMap } from '../settings-map.ts'
import { storedObjects } from '../stored-objects.ts'
import { withoutNulls } from '../without-nulls.ts'
import {
  addCertificates,
  type CertificateSet,
  listCertificates,
  type Outcome,
  removeCertificates,
  type ShownCertificate,
} from './certificate-set.ts'
import { readKnownHosts, writeKnownHosts } from './known-hosts.ts'

const sshMap = 'argocd-ssh-known-hosts-cm'
const sshKey = 'ssh_known_hosts'
const tlsMap = 'argocd-tls-certs-cm'

export function certificateHandlers(services: Services): Handler[] {
  const { controlPlane } = services
  const maps = settingsMap(storedObjects(services), controlPlane.namespace)
  const question = (action: Action) => ({ resource: 'certificates', action, object: '' })

  function current(): CertificateSet {
    const hostKeys = readKnownHosts(controlPlane.settings(sshMap)[sshKey] ?? '')
    return { hostKeys, tls: controlPlane.settings(tlsMap) }
  }

  /** Each of the two is only written when something in it changes. */
  async function apply(change: (set: CertificateSet) => Outcome): Promise<ShownCertificate[]> {
    const { changed } = change(current())
    if (changed.some(({ certType }) => certType === 'ssh')) {
      await maps.update(sshMap, (data) => {
        const before = data[sshKey] ?? ''
        const { set } = change({ hostKeys: readKnownHosts(before), tls: current().tls })
        return { ...data, [sshKey]: writeKnownHosts(set.hostKeys, before) }
      })
    }
    if (changed.some(({ certType }) => certType === 'https')) {
      await maps.update(tlsMap, (tls) => change({ hostKeys: current().hostKeys, tls }).set.tls)
    }
    return changed
  }

  return [
    handler(routes.certificates.list, async (call) => {
      call.require(question('get'))
      return { metadata: {}, items: listCertificates(current(), call.query) }
    }),
    handler(routes.certificates.create, async (call) => {
      call.require(question('create'))
      const given = withoutNulls(call.body).items ?? []
      const items = await apply((set) => addCertificates(set, given.map(withoutNulls), call.query.upsert ?? false))
      if (items.length > 0) {
        await audit(call, { reason: 'ResourceCreated', did: 'added certificates', object: hostsOf(items) }, services)
      }
      return { metadata: {}, items }
    }),
    handler(routes.certificates.delete, async (call) => {
      call.require(question('delete'))
      const items = await apply((set) => removeCertificates(set, call.query))
      if (items.length > 0) {
        await audit(call, { reason: 'ResourceDeleted', did: 'deleted certificates', object: hostsOf(items) }, services)
      }
      return { metadata: {}, items }
    }),
  ]
}

function hostsOf(items: ShownCertificate[]): string {
  return [...new Set(items.map(({ serverName }) => serverName))].join(', ')
}
