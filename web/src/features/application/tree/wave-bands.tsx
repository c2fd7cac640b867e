/** What a sync does together, faint behind the tree; where it is at this moment, a little less faint. */
import { classes } from '../../../ui/classes.ts'
import { sizes } from './sizes.ts'
import styles from './tree-canvas.module.css'
import { useTreeTexts } from './tree-texts.ts'
import type { Wave } from './waves.ts'

export function WaveBands({ waves, width }: { waves: Wave[]; width: number }) {
  const t = useTreeTexts()
  const x = sizes.width + sizes.columnGap - 10
  return waves.map(({ wave, top, bottom, state }) => (
    <div
      key={wave}
      role="presentation"
      className={classes(styles.wave, state && styles[state])}
      style={{
        transform: `translate(${x}px, ${top - sizes.partGap + 2}px)`,
        width: width - x + 10,
        height: bottom - top + sizes.partGap + 2,
      }}
    >
      {t.phases[wave] ?? t.wave(wave)}
    </div>
  ))
}
