/** Whether the page is as narrow as on a phone. */
import { useSyncExternalStore } from 'react'

const query = '(max-width: 640px)'

export function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query)
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    () => matchMedia(query).matches,
  )
}
