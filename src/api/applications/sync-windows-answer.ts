/** The sync windows of one application, as the API tells them. Pure. */
import type { SyncWindow } from '../../model/index.ts'
import { openWindows, windowVerdict } from '../../project/index.ts'

export function syncWindowsAnswer(windows: SyncWindow[], now: number) {
  const { permitted, reason } = windowVerdict(windows, { manual: true, now })
  return {
    activeWindows: openWindows(windows, now).map(shown),
    assignedWindows: windows.map(shown),
    canSync: permitted,
    reason,
  }
}

function shown({ kind = '', schedule = '', duration = '', manualSync = false }: SyncWindow) {
  return { kind, schedule, duration, manualSync }
}
