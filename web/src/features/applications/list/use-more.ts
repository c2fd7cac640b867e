/** Asks for more rows when the end of what has been loaded comes near, and again when that was not enough. */
import { useEffect, useRef } from 'react'

export interface MoreOptions {
  /** Where what is in sight ends, with some to spare. */
  end: number
  loaded: number
  /** Told how many rows are needed. */
  onMore(end: number): void
}

/** A bar that is dragged passes many places: only where it rests is loaded. */
const restMs = 80

export function useMore({ end, loaded, onMore }: MoreOptions): void {
  const latest = useRef(onMore)
  latest.current = onMore
  useEffect(() => {
    if (end <= loaded) return
    const timer = setTimeout(() => latest.current(end), restMs)
    return () => clearTimeout(timer)
  }, [end, loaded])
}
