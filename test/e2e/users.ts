/** Accounts besides admin, with tokens and policies of their own. */
import { type ApiClient, apiClient, routes } from '../../src/contract/index.ts'
import type { SignedIn } from './signed-in.ts'
import type { World } from './world.ts'

/** The settings of argocd-cm that make accounts of the names. */
export function accountsOf(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`accounts.${name}`, 'apiKey']))
}

/** Lines of a policy without their `p, `. Resolves when they are in force. */
export async function setPolicy(world: World, ...lines: string[]): Promise<void> {
  const text = lines.map((line) => `p, ${line}`).join('\n')
  const metadata = { name: 'argocd-rbac-cm', namespace: world.controlNamespace }
  await world.client.apply(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'policy.csv': text } },
    { fieldManager: 'e2e' },
  )
}

export async function userOf(world: World, admin: SignedIn, name: string): Promise<ApiClient> {
  const { token } = await admin.api.call(routes.accounts.createToken, { params: { name }, body: { id: 'e2e' } })
  return apiClient({ base: world.tiphys().url, token: () => token })
}
