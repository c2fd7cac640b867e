/** Asks for the next page when the end of what has been loaded comes near, and again when that was not enough. */
import { useEffect, useRef } from 'react'

export function useMore(isNear: boolean, loaded: number, onMore: () => void): void {
  const latest = useRef(onMore)
  latest.current = onMore
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each page it is looked at anew
  useEffect(() => {
    if (isNear) latest.current()
  }, [isNear, loaded])
}
