/** Short texts beside each other; a dash where there are none. */
import styles from './parts.module.css'

export function Chips({ values }: { values: string[] | undefined }) {
  if (!values || values.length === 0) return <span className={styles.nothing}>—</span>
  return (
    <span className={styles.chips}>
      {values.map((value) => (
        <span key={value} className={styles.chip}>
          {value}
        </span>
      ))}
    </span>
  )
}
