/** How long ago, and exactly when for who looks closer. */
import { useLanguage } from '../lib/language.ts'
import { exactTime, relativeTime, useNow } from '../lib/time.ts'

export function Time({ at }: { at: string | undefined }) {
  const language = useLanguage()
  const now = useNow()
  if (!at) return null
  return (
    <time dateTime={at} title={exactTime(at, language)}>
      {relativeTime(at, now, language)}
    </time>
  )
}
