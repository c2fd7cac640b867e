/** Which applications are selected, by `namespace/name`: it outlives filters and scrolling. */
import { useCallback, useState } from 'react'

export interface Selection {
  keys: ReadonlySet<string>
  select(key: string, on: boolean): void
  toggle(key: string): void
  clear(): void
}

const none: ReadonlySet<string> = new Set()

export function useSelection(): Selection {
  const [keys, setKeys] = useState(none)
  const select = useCallback((key: string, on: boolean) => setKeys((before) => withKey(before, key, on)), [])
  const toggle = useCallback((key: string) => setKeys((before) => withKey(before, key, !before.has(key))), [])
  const clear = useCallback(() => setKeys(none), [])
  return { keys, select, toggle, clear }
}

function withKey(before: ReadonlySet<string>, key: string, on: boolean): ReadonlySet<string> {
  const after = new Set(before)
  if (on) after.add(key)
  else after.delete(key)
  return after
}
