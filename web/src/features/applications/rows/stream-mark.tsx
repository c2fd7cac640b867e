/** Says that what is shown may be out of date; it lies over the page, so that nothing moves. */
import { useEffect, useState } from 'react'
import type { StreamState } from '../../../lib/live-stream.ts'
import { Notice } from '../../../ui/notice.tsx'
import { usePageTexts } from '../texts.ts'
import styles from './stream-mark.module.css'

/** A connection that is there again within this is not worth a word. */
const graceMs = 2000

export function StreamMark({ stream }: { stream: StreamState }) {
  const t = usePageTexts()
  const [shown, setShown] = useState(stream)
  useEffect(() => {
    const timer = setTimeout(() => setShown(stream), stream === 'lost' ? graceMs : 0)
    return () => clearTimeout(timer)
  }, [stream])
  return (
    <div className={styles.mark} role="status">
      {shown === 'lost' && <Notice tone="drift">{t.stale}</Notice>}
      {shown === 'refused' && <Notice tone="drift">{t.refused}</Notice>}
    </div>
  )
}
