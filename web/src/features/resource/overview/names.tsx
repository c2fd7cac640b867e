/** Labels or annotations: names, and what they say. */
import styles from './overview.module.css'

export function Names({ values }: { values: Record<string, string> }) {
  return (
    <dl className={styles.names}>
      {Object.entries(values).map(([name, value]) => (
        <div key={name} className={styles.pair}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
