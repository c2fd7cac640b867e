/** A text in YAML to be read or written, with what its schema knows. The editor itself is loaded when one is shown first. */
import { lazy, Suspense } from 'react'
import type { JsonSchema } from './json-schema.ts'
import { Skeleton } from './skeleton.tsx'
import styles from './yaml-editor.module.css'

export interface YamlEditorProps {
  value: string
  onChange?(value: string): void
  /** What is written here, read aloud. */
  label: string
  readOnly?: boolean
  /** Completes and checks; the server's verdict counts all the same. */
  schema?: JsonSchema | undefined
  /** Of CSS, such as `100%`. */
  height?: string
}

const View = lazy(() => import('./yaml-editor-view.tsx'))

export function YamlEditor({ height = '420px', ...rest }: YamlEditorProps) {
  return (
    <div className={styles.editor} style={{ height }}>
      <Suspense
        fallback={
          <div className={styles.loading}>
            <Skeleton rows={8} height={12} />
          </div>
        }
      >
        <View {...rest} />
      </Suspense>
    </div>
  )
}
