/** Sync options: those of the application, and what an object's annotation makes of them. */
import type { DeleteOptions } from '../kube/kube-client.ts'
import { annotation, type KubeObject, listAnnotation } from '../model/index.ts'

export type Permission = 'yes' | 'no' | 'confirm'

export interface SyncOptions {
  validate: boolean
  prune: Permission
  pruneLast: boolean
  replace: boolean
  force: boolean
  /** Takes over what was applied client-side before. */
  migrate: boolean
  /** An object of a kind that the cluster does not know yet is tried when its turn comes. */
  skipDryRunOnMissingResource: boolean
}

export interface ApplicationSyncOptions extends SyncOptions {
  createNamespace: boolean
  applyOutOfSyncOnly: boolean
  failOnSharedResource: boolean
  preflight: boolean
  propagationPolicy: NonNullable<DeleteOptions['propagationPolicy']>
}

const policies: Record<string, ApplicationSyncOptions['propagationPolicy']> = {
  foreground: 'Foreground',
  background: 'Background',
  orphan: 'Orphan',
}

/** `items` as in `spec.syncPolicy.syncOptions`: `Name=value`. Of two for one name the last counts. */
export function applicationSyncOptions(items: string[]): ApplicationSyncOptions {
  const values = parse(items)
  return {
    ...readOptions(values, {
      validate: true,
      prune: 'yes',
      pruneLast: false,
      replace: false,
      force: false,
      migrate: true,
      skipDryRunOnMissingResource: false,
    }),
    createNamespace: values.get('CreateNamespace') === 'true',
    applyOutOfSyncOnly: values.get('ApplyOutOfSyncOnly') === 'true',
    failOnSharedResource: values.get('FailOnSharedResource') === 'true',
    preflight: values.get('Preflight') !== 'false',
    propagationPolicy: policies[values.get('PrunePropagationPolicy') ?? ''] ?? 'Foreground',
  }
}

/** The options for one object: its `sync-options` annotation before the application's. */
export function objectSyncOptions(object: KubeObject, application: SyncOptions): SyncOptions {
  const values = parse(listAnnotation(object.metadata.annotations?.[annotation.syncOptions]))
  return readOptions(values, application)
}

/** Whether the object is written with a PUT. */
export function isReplaced(object: KubeObject, applicationOptions: string[]): boolean {
  return objectSyncOptions(object, applicationSyncOptions(applicationOptions)).replace
}

/** Whether a sync fails when another application has one of its objects. */
export function failsOnShared(applicationOptions: string[]): boolean {
  return applicationSyncOptions(applicationOptions).failOnSharedResource
}

function parse(items: string[]): Map<string, string> {
  return new Map(
    items.map((item) => {
      const [name = '', value = ''] = item.split('=', 2)
      return [name.trim(), value.trim()]
    }),
  )
}

function readOptions(values: Map<string, string>, defaults: SyncOptions): SyncOptions {
  const flag = (name: string, otherwise: boolean) => {
    const value = values.get(name)
    return value === 'true' || (value !== 'false' && otherwise)
  }
  return {
    validate: flag('Validate', defaults.validate),
    prune: permission(values.get('Prune'), defaults.prune),
    pruneLast: flag('PruneLast', defaults.pruneLast),
    replace: flag('Replace', defaults.replace),
    force: flag('Force', defaults.force),
    migrate: flag('ClientSideApplyMigration', defaults.migrate),
    skipDryRunOnMissingResource: flag('SkipDryRunOnMissingResource', defaults.skipDryRunOnMissingResource),
  }
}

function permission(value: string | undefined, otherwise: Permission): Permission {
  if (value === 'false') return 'no'
  if (value === 'confirm') return 'confirm'
  return value === 'true' ? 'yes' : otherwise
}
