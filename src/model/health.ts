/** How well an object or an application is, in the six words of Argo CD. */
import type { ResourceKey } from './resource-key.ts'

/** From best to worst; an application is as well as the worst of its resources. */
export const healthStatuses = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'] as const

export type HealthStatus = (typeof healthStatuses)[number]

export interface Health {
  status: HealthStatus
  message?: string
}

/** An application's health with the chain of objects that explains it, from the managed object down. */
export interface ApplicationHealth extends Health {
  cause?: ResourceKey[]
}

export function isWorse(status: HealthStatus, than: HealthStatus): boolean {
  return healthStatuses.indexOf(status) > healthStatuses.indexOf(than)
}
