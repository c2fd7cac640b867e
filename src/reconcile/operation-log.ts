/** What is logged of an operation: every line has the same id, from the request that asked for it to the last write. */
import type { KubeClient } from '../live/index.ts'
import { describeKey, keyOf, type OperationState, type ResourceKey } from '../model/index.ts'
import type { Log } from './stages.ts'

/** How the request that asked for an operation is named in its `info`. */
export const requestInfo = 'request'

export interface OperationFields {
  application: string
  operation: string
  /** Of the API; absent where nobody asked there. */
  request?: string
}

export function operationFields(instance: string, { startedAt, operation }: OperationState): OperationFields {
  const request = operation.info?.findLast(({ name }) => name === requestInfo)?.value
  return { application: instance, operation: `${instance}@${startedAt}`, ...(request && { request }) }
}

interface Written {
  verb: string
  key: ResourceKey
  dryRun: boolean | undefined
}

/** A client that logs what it has written. */
export function loggedClient(client: KubeClient, fields: OperationFields, log: Pick<Log, 'debug'>): KubeClient {
  async function told<Answer>(answer: Promise<Answer>, { verb, key, dryRun }: Written): Promise<Answer> {
    const found = await answer
    if (!dryRun) log.debug({ ...fields, verb, object: describeKey(key) }, 'written')
    return found
  }
  return {
    ...client,
    apply: (object, options) =>
      told(client.apply(object, options), { verb: 'apply', key: keyOf(object), dryRun: options?.dryRun }),
    create: (object, options) =>
      told(client.create(object, options), { verb: 'create', key: keyOf(object), dryRun: options?.dryRun }),
    replace: (object, options) =>
      told(client.replace(object, options), { verb: 'replace', key: keyOf(object), dryRun: options?.dryRun }),
    patch: (target, patch, options) =>
      told(client.patch(target, patch, options), { verb: 'patch', key: target, dryRun: options.dryRun }),
    delete: (target, options) =>
      told(client.delete(target, options), { verb: 'delete', key: target, dryRun: options?.dryRun }),
  }
}
