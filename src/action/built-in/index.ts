/** The actions that need no configuration, with the names that they have in Argo CD. */
import type { KubeObject } from '../../model/index.ts'
import { groupOf } from '../../model/index.ts'
import type { ResourceAction } from '../action.ts'
import { argo } from './argo.ts'
import type { ActionDefinition, ActionTable } from './definition.ts'
import { numaproj } from './numaproj.ts'
import { operators } from './operators.ts'
import { workloads } from './workloads.ts'

const table: ActionTable = { ...workloads, ...argo, ...numaproj, ...operators }

export function builtInActions({ apiVersion, kind }: KubeObject): ActionDefinition[] {
  return table[`${groupOf(apiVersion)}/${kind}`] ?? []
}

export function offered(object: KubeObject): ResourceAction[] {
  return builtInActions(object)
    .filter(({ isOffered }) => isOffered?.(object) ?? true)
    .map(({ name, displayName, iconClass, params, isDisabled }) => ({
      name,
      disabled: isDisabled?.(object) ?? false,
      ...(displayName && { displayName: typeof displayName === 'string' ? displayName : displayName(object) }),
      ...(iconClass && { iconClass }),
      ...(params && { params: params(object) }),
    }))
}
