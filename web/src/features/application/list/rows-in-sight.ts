/** Which rows of a long list are in sight, whatever scrolls: the page or a part of it. */
import { type RefObject, useEffect, useState } from 'react'

export interface RowsInSight {
  first: number
  /** The one after the last. */
  end: number
}

/** Drawn above and below. */
const more = 12

export function useRowsInSight(element: RefObject<HTMLElement | null>, count: number, height: number): RowsInSight {
  const [seen, setSeen] = useState<RowsInSight>({ first: 0, end: 40 })
  useEffect(() => {
    let frame = 0
    const look = () => {
      frame = 0
      const { current: target } = element
      if (!target) return
      const { top } = target.getBoundingClientRect()
      const first = Math.max(0, Math.floor(-top / height) - more)
      const end = Math.max(first, Math.ceil((innerHeight - top) / height) + more)
      setSeen((before) => (before.first === first && before.end === end ? before : { first, end }))
    }
    const soon = () => {
      frame ||= requestAnimationFrame(look)
    }
    look()
    // Scrolling does not bubble, but it can be caught on its way down.
    document.addEventListener('scroll', soon, { capture: true, passive: true })
    addEventListener('resize', soon)
    return () => {
      cancelAnimationFrame(frame)
      document.removeEventListener('scroll', soon, { capture: true })
      removeEventListener('resize', soon)
    }
  }, [element, height])
  return { first: Math.min(seen.first, count), end: Math.min(seen.end, count) }
}
