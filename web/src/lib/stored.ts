/** What a browser remembers of its user: language, theme, columns. Without storage it holds as long as the page. */
import { useSyncExternalStore } from 'react'

const prefix = 'tiphys.'
const listeners = new Set<() => void>()
const values = new Map<string, string | null>()

export function readStored(name: string): string | undefined {
  if (!values.has(name)) {
    try {
      values.set(name, localStorage.getItem(prefix + name))
    } catch {
      values.set(name, null)
    }
  }
  return values.get(name) ?? undefined
}

export function store(name: string, value: string | undefined): void {
  values.set(name, value ?? null)
  try {
    if (value === undefined) localStorage.removeItem(prefix + name)
    else localStorage.setItem(prefix + name, value)
  } catch {
    // A browser that keeps nothing: it is kept in this page.
  }
  for (const listener of listeners) listener()
}

export function useStored(name: string): [string | undefined, (value: string | undefined) => void] {
  const value = useSyncExternalStore(subscribe, () => readStored(name))
  return [value, (next) => store(name, next)]
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Changes made in another tab. */
export function followOtherTabs(): void {
  addEventListener('storage', ({ key, newValue }) => {
    if (!key?.startsWith(prefix)) return
    values.set(key.slice(prefix.length), newValue)
    for (const listener of listeners) listener()
  })
}
