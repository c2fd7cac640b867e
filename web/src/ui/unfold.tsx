/** A long text on one line, whole when it is unfolded. */
import { ChevronRight } from 'lucide-react'
import { useId, useState } from 'react'
import { texts } from '../lib/language.ts'
import { classes } from './classes.ts'
import styles from './unfold.module.css'

const useTexts = texts({
  en: { whole: 'Whole message' },
  fr: { whole: 'Message entier' },
})

export function Unfold({ text }: { text: string }) {
  const t = useTexts()
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  return (
    <div className={styles.unfold}>
      <button
        type="button"
        className={styles.toggle}
        aria-expanded={isOpen}
        aria-controls={id}
        aria-label={t.whole}
        onClick={() => setOpen(!isOpen)}
      >
        <ChevronRight size={14} aria-hidden />
      </button>
      <p id={id} className={classes(styles.text, !isOpen && styles.clipped)}>
        {text}
      </p>
    </div>
  )
}
