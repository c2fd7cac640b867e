/** What an automated sync has to wait for, beyond what the application itself says: windows, and other applications. */
import type { Application } from '../model/index.ts'
import type { AutoSyncDecision } from './auto-sync.ts'
import { dependencyHold } from './dependencies.ts'
import { windowHold } from './operation-permission.ts'
import type { Stages } from './stages.ts'

/** The decision, or why it has to wait. */
export function unlessHeld(decision: AutoSyncDecision, application: Application, stages: Stages): AutoSyncDecision {
  if (decision.kind !== 'sync') return decision
  const { controlPlane } = stages
  const finding = dependencyHold(application, {
    controlNamespace: controlPlane.namespace,
    find: controlPlane.application,
  })
  const hold = finding ? { finding } : windowHold(application, stages)
  return hold ? { kind: 'hold', ...hold } : decision
}
