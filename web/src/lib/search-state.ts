/** What a page shows is in its address: what is chosen, filtered and open can be sent to somebody else. */
import { useCallback } from 'react'
import { useSearchParams } from 'wouter'

export interface SearchState {
  /** The first value, or undefined. */
  get(name: string): string | undefined
  all(name: string): string[]
  /**
   * Undefined and empty take a value away. A new entry of the browser's history unless `replace`, which is for what changes
   * with every keystroke.
   */
  set(changes: Record<string, string | string[] | undefined>, options?: { replace?: boolean }): void
}

export function useSearchState(): SearchState {
  const [params, setParams] = useSearchParams()
  const set = useCallback<SearchState['set']>(
    (changes, options) => setParams((before) => changed(before, changes), { replace: options?.replace ?? false }),
    [setParams],
  )
  return { get: (name) => params.get(name) ?? undefined, all: (name) => params.getAll(name), set }
}

export function changed(
  before: URLSearchParams,
  changes: Record<string, string | string[] | undefined>,
): URLSearchParams {
  const after = new URLSearchParams(before)
  for (const [name, value] of Object.entries(changes)) {
    after.delete(name)
    for (const one of [value ?? []].flat()) if (one !== '') after.append(name, one)
  }
  return after
}
