/** ConfigMaps of settings as requests change them. Made when there is none yet. */
import { isNotFound } from '../kube/kube-error.ts'
import { type KubeObject, label, mergePatch } from '../model/index.ts'
import { ApiError } from './api-error.ts'
import type { StoredObjects } from './stored-objects.ts'

type Data = Record<string, string>

export interface SettingsMap {
  /** `change` may be asked several times, when somebody else writes meanwhile. */
  update(name: string, change: (data: Data) => Data): Promise<void>
}

export function settingsMap(stored: StoredObjects, namespace: string): SettingsMap {
  return {
    async update(name, change) {
      const metadata = { name, namespace, labels: { [label.partOf]: 'argocd', 'app.kubernetes.io/name': name } }
      const empty: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata }
      try {
        await stored.change(empty, (current) => {
          const data = (current.data ?? {}) as Data
          return mergePatch({ data }, { data: change(data) })
        })
      } catch (error) {
        const isMissing = isNotFound(error) || (error instanceof ApiError && error.code === 'NotFound')
        if (!isMissing) throw error
        await stored.create({ ...empty, data: change({}) })
      }
    },
  }
}
