/** Writes the token of its service account into each Secret that asks for one. */
import type { Controller, ControllerClient } from '../controllers/controller.ts'
import { fields } from '../kinds/fields.ts'
import type { KubeObject } from '../object.ts'
import { StatusError } from '../status.ts'
import type { TokenIssuer } from './tokens.ts'

const secrets = { group: '', version: 'v1', resource: 'secrets' }
const accounts = { group: '', version: 'v1', resource: 'serviceaccounts' }
const ofAccount = 'kubernetes.io/service-account.name'
const uidOfAccount = 'kubernetes.io/service-account.uid'

const base64 = (text: string) => Buffer.from(text).toString('base64')

export function startTokenController(
  base: ControllerClient,
  { issuer, caCertificate }: { issuer: TokenIssuer; caCertificate: string },
): Controller {
  const client = base.as('kube-controller-manager')
  const due = new Map<string, KubeObject>()
  let scheduled: NodeJS.Immediate | undefined

  function write(secret: KubeObject): void {
    const { namespace = '', annotations = {} } = secret.metadata
    const account = client.get({ ...accounts, namespace, name: annotations[ofAccount] ?? '' })
    if (!account) return
    const data = { 'ca.crt': base64(caCertificate), namespace: base64(namespace) }
    const metadata = { ...secret.metadata, annotations: { ...annotations, [uidOfAccount]: account.metadata.uid ?? '' } }
    const token = base64(issuer.issueLasting(account, secret))
    client.update(secrets, { ...secret, metadata, data: { ...data, ...fields(secret.data), token } })
  }

  function work(): void {
    scheduled = undefined
    const all = [...due.values()]
    due.clear()
    for (const secret of all) {
      try {
        write(secret)
      } catch (error) {
        // Changed or gone meanwhile: its event brings it here again.
        if (!(error instanceof StatusError && [404, 409].includes(error.status.code))) throw error
      }
    }
  }

  const stopWatching = client.watch(secrets, (type, secret) => {
    const isDue = secret.type === 'kubernetes.io/service-account-token' && fields(secret.data).token === undefined
    if (type === 'DELETED' || !isDue) return
    due.set(secret.metadata.uid ?? '', secret)
    scheduled ??= setImmediate(work)
  })
  return {
    stop() {
      clearImmediate(scheduled)
      stopWatching()
    },
  }
}
