/** One resource as a sync would leave it beside what it is now, with who has changed what. */
import { useMemo } from 'react'
import type { ResourceDiff } from '../../../lib/api.ts'
import { useLanguage } from '../../../lib/language.ts'
import { useStored } from '../../../lib/stored.ts'
import { relativeTime, useNow } from '../../../lib/time.ts'
import { Segmented } from '../../../ui/segmented.tsx'
import { YamlDiff } from '../../../ui/yaml-diff.tsx'
import { objectYaml } from '../object-yaml.ts'
import styles from './resource-yaml.module.css'
import { useChangeTexts } from './texts.ts'

export function ResourceYaml({ diff }: { diff: ResourceDiff }) {
  const t = useChangeTexts()
  const language = useLanguage()
  const now = useNow()
  const [mode, setMode] = useStored('diff-mode')
  const { before, after } = useMemo(() => statesOf(diff), [diff])
  const marks = useMemo(
    () =>
      diff.drift.flatMap(({ path, author }) => {
        if (!author) return []
        const ago = author.time ? [relativeTime(author.time, now, language)] : []
        return [{ path, note: [author.manager, ...ago].join(' · ') }]
      }),
    [diff, now, language],
  )
  return (
    <div className={styles.yaml}>
      <div className={styles.tools}>
        <Segmented
          label={t.mode}
          chosen={mode === 'unified' ? 'unified' : 'split'}
          onChoose={(chosen) => setMode(chosen === 'split' ? undefined : chosen)}
          choices={[
            { id: 'split', label: t.split },
            { id: 'unified', label: t.unified },
          ]}
        />
      </div>
      <YamlDiff
        before={before}
        after={after}
        marks={marks}
        mode={mode === 'unified' ? 'unified' : 'split'}
        label={`${diff.kind} ${diff.name}`}
        names={{ before: t.inGit, after: t.inCluster }}
      />
    </div>
  )
}

/** Git's side is what a sync would make of the live object: what the cluster fills in by itself is no difference. */
function statesOf({ targetState, predictedLiveState, normalizedLiveState, verdict }: ResourceDiff) {
  const live = JSON.parse(normalizedLiveState || 'null')
  const wanted =
    JSON.parse(predictedLiveState || 'null') ?? (verdict === 'extra' ? null : JSON.parse(targetState || 'null'))
  const options = { hidesStatus: true, hidesServerFields: true }
  return { before: objectYaml(wanted, options), after: objectYaml(live, options) }
}
