/** The objects of an application: those that it manages, and what they own. */
import type { Actions, ImpactedResource } from '../../action/index.ts'
import type { Application, KubeObject, ResourceKey } from '../../model/index.ts'

/** What is left out may be anything. */
export interface ObjectChoice {
  group?: string
  kind?: string
  namespace?: string
  name?: string
}

export interface LogChoice extends ObjectChoice {
  container?: string
  follow?: boolean
  previous?: boolean
  tailLines?: number
  sinceSeconds?: number
  untilTime?: string
  filter?: string
  matchCase?: boolean
}

export interface LogLine {
  pod: string
  text: string
}

export type ObjectPatchType = 'merge' | 'json' | 'strategic'

export interface ApplicationObjects {
  /** Those that the application manages; and where a kind is chosen and none of these is meant, what they own. */
  find(application: Application, choice: ObjectChoice): Promise<KubeObject[]>
  patch(
    application: Application,
    object: KubeObject,
    patch: { text: string; type: ObjectPatchType },
  ): Promise<KubeObject>
  /** In the foreground; `force`: at once; `orphan`: without what it owns. */
  delete(application: Application, object: KubeObject, how: { force?: boolean; orphan?: boolean }): Promise<void>
  actions(
    application: Application,
    objects: KubeObject[],
  ): Promise<{ object: KubeObject; actions: ReturnType<Actions['list']> }[]>
  /** Resolves to what was patched or created; undefined where that is not told. */
  runAction(application: Application, object: KubeObject, run: ActionRun): Promise<ImpactedResource[] | undefined>
  logs(application: Application, choice: LogChoice, signal: AbortSignal): AsyncIterable<LogLine>
}

export interface ActionRun {
  name: string
  parameters?: Record<string, string>
}

export function isChosen({ group, kind, namespace, name }: ResourceKey, choice: ObjectChoice): boolean {
  return (
    (choice.kind === undefined || choice.kind === kind) &&
    (choice.name === undefined || choice.name === name) &&
    (choice.group === undefined || choice.group === group) &&
    (choice.namespace === undefined || choice.namespace === namespace)
  )
}
