/** How many replicas a kustomization's workloads have, `name=count` a line. */
import { useState } from 'react'
import { Field, TextArea } from '../../ui/field.tsx'
import { listAt, type Path } from './draft.ts'
import { useDraft } from './draft-context.ts'
import { parsePairs } from './line-texts.ts'

interface Replica {
  name: string
  count: number | string
}

export function ReplicaLines({ path, label, hint }: { path: Path; label: string; hint: string }) {
  const { draft, set } = useDraft()
  const [text, setText] = useState(() =>
    listAt<Replica>(draft, path)
      .map(({ name, count }) => `${name}=${count}`)
      .join('\n'),
  )
  return (
    <Field label={label} hint={hint}>
      {(wiring) => (
        <TextArea
          {...wiring}
          mono
          rows={2}
          value={text}
          onChange={({ target: { value } }) => {
            setText(value)
            const pairs = Object.entries(parsePairs(value) ?? {})
            const replicas = pairs.map(([name, count]) => ({
              name,
              count: /^\d+$/.test(count) ? Number(count) : count,
            }))
            set(path, replicas.length > 0 ? replicas : undefined)
          }}
        />
      )}
    </Field>
  )
}
