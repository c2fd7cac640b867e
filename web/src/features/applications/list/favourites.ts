/** The applications that somebody has starred; this browser remembers them. */
import { useMemo } from 'react'
import { readStored, store, useStored } from '../../../lib/stored.ts'

const name = 'favourites'

export function useFavourites(): { all: string[]; has(key: string): boolean; toggle(key: string): void } {
  const [text] = useStored(name)
  return useMemo(() => {
    const all = parseFavourites(text)
    const known = new Set(all)
    return { all, has: (key) => known.has(key), toggle }
  }, [text])
}

function toggle(key: string): void {
  const before = parseFavourites(readStored(name))
  const after = before.includes(key) ? before.filter((one) => one !== key) : [...before, key]
  store(name, after.length > 0 ? JSON.stringify(after) : undefined)
}

export function parseFavourites(text: string | undefined): string[] {
  try {
    const all: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(all) ? all.filter((one) => typeof one === 'string') : []
  } catch {
    return []
  }
}
