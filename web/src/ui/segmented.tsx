/** One of a few, all of them in sight. */
import type { ReactNode } from 'react'
import styles from './segmented.module.css'

export interface SegmentedProps<Choice extends string> {
  label: string
  choices: { id: Choice; label: string; icon?: ReactNode }[]
  chosen: Choice
  onChoose(id: Choice): void
}

/** With icons, the words are shown on hover and read aloud. */
export function Segmented<Choice extends string>({ label, choices, chosen, onChoose }: SegmentedProps<Choice>) {
  return (
    <fieldset className={styles.group} aria-label={label}>
      {choices.map((choice) => (
        <button
          key={choice.id}
          type="button"
          className={styles.choice}
          aria-pressed={choice.id === chosen}
          onClick={() => onChoose(choice.id)}
          {...(choice.icon && { 'aria-label': choice.label, title: choice.label })}
        >
          {choice.icon ?? choice.label}
        </button>
      ))}
    </fieldset>
  )
}
