/** Two texts in YAML and how they differ, with notes at the fields that somebody has changed. Loaded when one is shown first. */
import { lazy, Suspense } from 'react'
import { Skeleton } from './skeleton.tsx'
import styles from './yaml-editor.module.css'

export interface DiffMark {
  /** Such as `spec.template.spec.containers[name=web].image`. */
  path: string
  /** A few words at the end of its line. */
  note: string
}

export interface YamlDiffProps {
  before: string
  after: string
  /** What is compared, read aloud. */
  label: string
  /** On a narrow page it is `unified`, whatever is asked. */
  mode?: 'split' | 'unified'
  marks?: DiffMark[]
  /** What the two are, above them. */
  names?: { before: string; after: string }
  /** Of CSS; otherwise as high as it needs, up to most of the page. */
  height?: string
}

const View = lazy(() => import('./yaml-diff-view.tsx'))

export function YamlDiff({ height, ...rest }: YamlDiffProps) {
  return (
    <div className={styles.diff} style={height ? { height } : { maxHeight: '72dvh' }}>
      <Suspense
        fallback={
          <div className={styles.loading}>
            <Skeleton rows={6} height={12} />
          </div>
        }
      >
        <View {...rest} />
      </Suspense>
    </div>
  )
}
