/** Whether something has been in sight: what is not looked at is not asked about. */
import { type RefObject, useEffect, useState } from 'react'

export function useSeen(element: RefObject<Element | null>): boolean {
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    const at = element.current
    if (isSeen || !at) return
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true)
    })
    observer.observe(at)
    return () => observer.disconnect()
  }, [element, isSeen])
  return isSeen
}
