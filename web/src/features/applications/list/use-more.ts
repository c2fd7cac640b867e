/** Asks for more rows when the end of what has been loaded comes near, and again when that was not enough. */
import { useEffect, useRef } from 'react'

export interface MoreOptions {
  /** Where what is in sight ends. */
  end: number
  /** So many more are to be there before one scrolls to them. */
  spare: number
  loaded: number
  /** Told how many rows are needed. */
  onMore(end: number): void
}

/** A bar that is dragged passes many places: only where it rests is loaded. */
const restMs = 80
/** What nobody waits for leaves the way to who types on in the search. */
const aheadMs = 400

export function useMore({ end, spare, loaded, onMore }: MoreOptions): void {
  const wanted = end + spare
  const latest = useRef({ onMore, wanted })
  latest.current = { onMore, wanted }
  const isWaitedFor = end > loaded
  const isNear = wanted > loaded && !isWaitedFor
  // biome-ignore lint/correctness/useExhaustiveDependencies: what came may not have been enough
  useEffect(
    () => (isWaitedFor ? after(restMs, () => latest.current.onMore(end + spare)) : undefined),
    [isWaitedFor, end, spare, loaded],
  )
  // Whoever scrolls on and on does not put it off.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what came may not have been enough
  useEffect(
    () => (isNear ? after(aheadMs, () => latest.current.onMore(latest.current.wanted)) : undefined),
    [isNear, loaded],
  )
}

/** The answer calls it off. */
function after(delayMs: number, act: () => void): () => void {
  const timer = setTimeout(act, delayMs)
  return () => clearTimeout(timer)
}
