/** Installs what is in install/ by the real kubectl, and gives the rights of the account that the program has there. */
import { readdirSync, readFileSync } from 'node:fs'
import { bearerHeader, type ClusterCredentials } from '../../src/kube/credentials.ts'
import type { KubeClient } from '../../src/kube/kube-client.ts'
import { packageFile } from '../../src/process/package-file.ts'
import { openKubectl } from './stock-kubectl.ts'

export interface Installation {
  /** Of the program's ServiceAccount. */
  credentials: ClusterCredentials
  /** Lets the program deploy to a namespace, as whoever runs the cluster would; nothing where it may do that anyway. */
  admit(namespace: string): Promise<void>
}

export interface InstallRequest {
  variant: string
  namespace: string
  kubeconfig: string
  /** The administrator's. */
  client: KubeClient
  admin: ClusterCredentials
}

export async function installed({
  variant,
  namespace,
  kubeconfig,
  client,
  admin,
}: InstallRequest): Promise<Installation> {
  const kubectl = openKubectl(kubeconfig)
  try {
    const apply = (text: string, ...args: string[]) => kubectl.run(['apply', '--server-side', '-f', '-', ...args], text)
    const crds = packageFile('install/crds')
    for (const file of readdirSync(crds)) await apply(readFileSync(`${crds}/${file}`, 'utf8'))
    const manifests = readFileSync(packageFile(`install/${variant}.yaml`), 'utf8')
    await apply(inNamespace(manifests, namespace), '--namespace', namespace)
    // The Deployment is only looked at: the program that is tested runs here.
    await kubectl.run(['delete', 'deployment', 'tiphys', '--namespace', namespace, '--wait=false'])
    const token = (
      await kubectl.run(['create', 'token', 'tiphys', '--namespace', namespace, '--duration', '2h'])
    ).trim()
    const { name, server, ca, insecure } = admin
    const reached = { name, server, ...(ca && { ca }), ...(insecure && { insecure }) }
    return {
      credentials: { ...reached, authenticate: async () => ({ headers: bearerHeader(token) }) },
      admit: variant.includes('namespace') ? doorman(client, namespace) : async () => {},
    }
  } finally {
    kubectl.remove()
  }
}

/** As the documentation says for another namespace: the only place where it is written is the account of a binding. */
function inNamespace(manifests: string, namespace: string): string {
  const moved = manifests.replaceAll('namespace: argocd\n', `namespace: ${namespace}\n`)
  // Test files that share a cluster are several installations, each with a binding of its own.
  return moved.replace(/(kind: ClusterRoleBinding\nmetadata:\n {2}name: tiphys)\n/, `$1-${namespace}\n`)
}

/** A role in each namespace, and a Secret that says which namespaces there are to follow. */
function doorman(client: KubeClient, home: string): Installation['admit'] {
  const admitted: string[] = []
  const options = { fieldManager: 'cluster-administrator' }
  return async (namespace) => {
    admitted.push(namespace)
    await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, options)
    const group = 'rbac.authorization.k8s.io'
    await client.apply(
      {
        apiVersion: `${group}/v1`,
        kind: 'RoleBinding',
        metadata: { name: 'tiphys', namespace },
        roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ kind: 'ServiceAccount', name: 'tiphys', namespace: home }],
      },
      options,
    )
    const labels = { 'argocd.argoproj.io/secret-type': 'cluster' }
    const stringData = {
      name: 'in-cluster',
      server: 'https://kubernetes.default.svc',
      namespaces: admitted.join(','),
      config: '{}',
    }
    const metadata = { name: 'in-cluster', namespace: home, labels }
    await client.apply({ apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', stringData }, options)
  }
}
