/** Which rows of a long list are in sight, whatever it is that scrolls: only those are drawn. */
import { type RefObject, useCallback, useLayoutEffect, useState } from 'react'

export interface Sight {
  first: number
  /** Behind the last. */
  end: number
  /** Brings a row into sight. */
  reveal(index: number): void
}

interface SightOptions {
  count: number
  /** Of each row, in pixels. */
  size: number
  /** What stays at the top of the page while it scrolls. */
  above?: number
}

/** Drawn before it comes into sight. */
const spareRows = 12
/** Fewer changes of what is drawn while it scrolls. */
const step = 4

export function useSight(list: RefObject<HTMLElement | null>, { count, size, above = 0 }: SightOptions): Sight {
  const [{ first, end }, setRange] = useState({ first: 0, end: 40 })
  useLayoutEffect(() => {
    let frame = 0
    const look = () => {
      frame = 0
      if (list.current) setRange((before) => rangeInSight(before, list.current?.getBoundingClientRect().top ?? 0, size))
    }
    const soon = () => {
      if (frame === 0) frame = requestAnimationFrame(look)
    }
    look()
    // Of the page or of any element in it.
    document.addEventListener('scroll', soon, { capture: true, passive: true })
    addEventListener('resize', soon)
    const above = new ResizeObserver(soon)
    if (list.current?.parentElement) above.observe(list.current.parentElement)
    return () => {
      cancelAnimationFrame(frame)
      document.removeEventListener('scroll', soon, { capture: true })
      removeEventListener('resize', soon)
      above.disconnect()
    }
  }, [list, size])
  const reveal = useCallback(
    (index: number) => {
      const scroller = scrollerOf(list.current)
      const top = list.current?.getBoundingClientRect().top ?? 0
      const rowTop = top + index * size
      const missing = rowTop < above + size ? rowTop - above - size : Math.max(0, rowTop + 2 * size - innerHeight)
      if (missing !== 0) scroller.scrollBy({ top: missing })
    },
    [list, size, above],
  )
  return { first: Math.min(first, Math.max(0, count - 1)), end: Math.min(end, count), reveal }
}

function rangeInSight(before: { first: number; end: number }, top: number, size: number) {
  const first = Math.max(0, Math.floor((-top / size - spareRows) / step) * step)
  const end = Math.max(first, Math.ceil(((innerHeight - top) / size + spareRows) / step) * step)
  return before.first === first && before.end === end ? before : { first, end }
}

function scrollerOf(element: HTMLElement | null): Element {
  for (let at = element?.parentElement; at; at = at.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY) && at.scrollHeight > at.clientHeight) return at
  }
  return document.scrollingElement ?? document.documentElement
}
