/** How much of the page's right side is behind a panel that leaves it usable: what is looked at is kept out from under it. */
import { useSyncExternalStore } from 'react'

/** Of each panel that is open, how wide it is. */
const widths = new Map<Element, number>()
const listeners = new Set<() => void>()
let widest = 0

function tell(): void {
  widest = Math.max(0, ...widths.values())
  for (const listener of listeners) listener()
}

/** Of a panel that has opened; answers with what ends it. */
export function coverWith(panel: HTMLElement): () => void {
  const observer = new ResizeObserver(() => {
    widths.set(panel, panel.offsetWidth)
    tell()
  })
  observer.observe(panel)
  return () => {
    observer.disconnect()
    widths.delete(panel)
    tell()
  }
}

export function useCovered(): number {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => widest,
  )
}
