/** Does to a cluster what an action has come to. */
import type { KubeClient } from '../kube/kube-client.ts'
import { KubeError } from '../kube/kube-error.ts'
import { type KubeObject, keyOf, mergePatch, versionOf } from '../model/index.ts'
import type { ImpactedResource } from './action.ts'

const fieldManager = 'argocd-server'

/** Everything that is to be made has passed a dry run before the first write. Answers what there is then. */
export async function carryOut(
  client: KubeClient,
  live: KubeObject,
  impacted: ImpactedResource[],
): Promise<ImpactedResource[]> {
  for (const { operation, resource } of impacted) {
    if (operation === 'create') await client.create(resource, { dryRun: true, fieldManager })
  }
  const done: ImpactedResource[] = []
  for (const { operation, resource } of impacted) {
    const result =
      operation === 'create' ? await client.create(resource, { fieldManager }) : await patch(client, live, resource)
    done.push({ operation, resource: result })
  }
  return done
}

/** What is changed in the status goes to the status subresource, where the kind has one. */
async function patch(client: KubeClient, live: KubeObject, wanted: KubeObject): Promise<KubeObject> {
  const target = { ...keyOf(live), version: versionOf(live.apiVersion) }
  const change = mergePatch(live, wanted)
  if (!change) return live
  const { status, ...others } = change
  const write = (part: object, subresource?: string) =>
    client.patch(target, part, { type: 'merge', fieldManager, ...(subresource && { subresource }) })
  if (status === undefined) return write(others)
  const patched = await write({ status }, 'status').catch((error: unknown) => {
    if (error instanceof KubeError && error.code === 404) return undefined
    throw error
  })
  if (!patched) return write(change)
  return Object.keys(others).length > 0 ? write(others) : patched
}
