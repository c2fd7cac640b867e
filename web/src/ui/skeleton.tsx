/** The room of what is still loading, so that nothing jumps; drawn only when it takes longer than a blink. */
import styles from './skeleton.module.css'

export function Skeleton({ rows = 3, height = 16 }: { rows?: number; height?: number }) {
  return (
    <div className={styles.skeleton} aria-busy="true">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <div key={index} className={styles.row} style={{ height, width: `${92 - ((index * 17) % 40)}%` }} />
      ))}
    </div>
  )
}
