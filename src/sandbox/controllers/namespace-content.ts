/** What every namespace is given: the ServiceAccount `default` and the CA certificate of the API server. */
import type { KubeObject } from '../object.ts'
import type { ControllerContext } from './context.ts'
import { startInformer } from './informer.ts'

const namespaces = { group: '', version: 'v1', resource: 'namespaces' }
const serviceAccounts = { group: '', version: 'v1', resource: 'serviceaccounts' }
const configMaps = { group: '', version: 'v1', resource: 'configmaps' }

const rootCaName = 'kube-root-ca.crt'
const rootCaDescription =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.'

function serviceAccount(namespace: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } }
}

function rootCa(namespace: string, certificate: string): KubeObject {
  const annotations = { 'kubernetes.io/description': rootCaDescription }
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: rootCaName, namespace, annotations },
    data: { 'ca.crt': certificate },
  }
}

/** `caCertificate` is PEM. */
export function startNamespaceContent(context: ControllerContext, caCertificate: string): () => void {
  const { client, queues } = context
  const known = startInformer(client, namespaces)

  function keepAccount(namespace: string): void {
    if (client.get({ ...serviceAccounts, namespace, name: 'default' })) return
    client.create(serviceAccounts, serviceAccount(namespace))
  }

  function keepRootCa(namespace: string): void {
    const wanted = rootCa(namespace, caCertificate)
    const found = client.get({ ...configMaps, namespace, name: rootCaName })
    if (!found) client.create(configMaps, wanted)
    else if ((found.data as Record<string, string> | undefined)?.['ca.crt'] !== caCertificate) {
      client.update(configMaps, { ...found, data: wanted.data })
    }
  }

  const queue = queues.queue((name) => {
    const namespace = known.get(undefined, name)
    if (!namespace || namespace.metadata.deletionTimestamp) return
    keepRootCa(name)
    keepAccount(name)
  })

  function noticeLoss(resource: typeof configMaps, name: string): () => void {
    return client.watch(resource, (type, { metadata }) => {
      if (metadata.name === name && type !== 'ADDED' && metadata.namespace) queue.add(metadata.namespace)
    })
  }

  known.onChange((namespace) => {
    if (namespace) queue.add(namespace.metadata.name ?? '')
  })
  const stops = [noticeLoss(serviceAccounts, 'default'), noticeLoss(configMaps, rootCaName), known.stop]
  return () => {
    for (const stop of stops) stop()
  }
}
