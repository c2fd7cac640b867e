/** The draft as the fields of the form see it: what it says, what is wrong, and how it is changed. */
import { createContext, useContext } from 'react'
import type { Draft, Path } from './draft.ts'

export interface DraftContext {
  draft: Draft
  /** The application is there already: its name stays. */
  isExisting: boolean
  set(path: Path, value: unknown): void
  change(next: Draft): void
  /** What is wrong with a field that has been touched, in words. */
  problem(path: Path): string | undefined
  touch(path: Path): void
}

const Context = createContext<DraftContext | undefined>(undefined)
export const DraftProvider = Context.Provider

export function useDraft(): DraftContext {
  const context = useContext(Context)
  if (!context) throw new Error('there is no draft above this field')
  return context
}
