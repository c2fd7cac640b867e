/** Whether something is being done to an application. Pure. */
import type { Application } from '../model/index.ts'

export function isUnderWay({ operation, status }: Pick<Application, 'operation' | 'status'>): boolean {
  const phase = status?.operationState?.phase
  return operation !== undefined || phase === 'Running' || phase === 'Terminating'
}
