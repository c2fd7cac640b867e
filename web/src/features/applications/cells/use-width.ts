/** How wide an element is, as it changes. */
import { type RefObject, useLayoutEffect, useState } from 'react'

export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const at = element.current
    if (!at) return
    setWidth(at.clientWidth)
    const observer = new ResizeObserver(() => setWidth(at.clientWidth))
    observer.observe(at)
    return () => observer.disconnect()
  }, [element])
  return width
}
