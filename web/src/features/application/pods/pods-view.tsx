/** The Pods of an application: on which nodes they run and how much room is left there, or what they belong to. */
import { useMemo } from 'react'
import type { ApplicationTree } from '../../../lib/api.ts'
import { count, texts, useLanguage } from '../../../lib/language.ts'
import { useSearchState } from '../../../lib/search-state.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { isStatusWord, StatusMark, useStatusWords } from '../../../ui/status.tsx'
import type { GraphNode } from '../tree/graph.ts'
import { KindGlyph } from '../tree/kind-glyph.tsx'
import { Reason } from '../tree/tree-node.tsx'
import { CapacityBar } from './capacity-bar.tsx'
import { groupings, infoOf, type PodGroup, podGroups } from './pod-groups.ts'
import styles from './pods-view.module.css'

const useTexts = texts({
  en: {
    by: 'Pods by',
    groupings: { node: 'By node', owner: 'By owner' },
    none: 'This application has no Pods',
    waiting: 'On no node yet',
    pods: (amount: number) => count('en', amount, 'Pod', 'Pods'),
    containers: (ready: string) => `${ready} containers ready`,
    restarts: (restarts: number) => count('en', restarts, 'restart', 'restarts'),
  },
  fr: {
    by: 'Pods par',
    groupings: { node: 'Par nœud', owner: 'Par propriétaire' },
    none: 'Cette application n’a pas de Pods',
    waiting: 'Sur aucun nœud encore',
    pods: (amount: number) => count('fr', amount, 'Pod', 'Pods'),
    containers: (ready: string) => `${ready} conteneurs prêts`,
    restarts: (restarts: number) => count('fr', restarts, 'redémarrage', 'redémarrages'),
  },
})

export interface PodsViewProps {
  root: GraphNode
  hosts: ApplicationTree['hosts']
  selected: string | undefined
  onOpen(node: GraphNode): void
}

export function PodsView({ root, hosts, selected, onOpen }: PodsViewProps) {
  const t = useTexts()
  const search = useSearchState()
  const grouping = groupings.find((one) => one === search.get('group')) ?? 'node'
  const groups = useMemo(() => podGroups(root, hosts, grouping), [root, hosts, grouping])
  return (
    <div className={styles.view}>
      <div>
        <Segmented
          label={t.by}
          choices={groupings.map((id) => ({ id, label: t.groupings[id] }))}
          chosen={grouping}
          onChoose={(id) => search.set({ group: id === 'node' ? undefined : id }, { replace: true })}
        />
      </div>
      {groups.length === 0 && <Empty title={t.none} />}
      <div className={styles.groups}>
        {groups.map((group) => (
          <Group key={group.id} group={group} selected={selected} onOpen={onOpen} />
        ))}
      </div>
    </div>
  )
}

interface GroupProps {
  group: PodGroup
  selected: string | undefined
  onOpen(node: GraphNode): void
}

function Group({ group, selected, onOpen }: GroupProps) {
  const t = useTexts()
  const { title, owner, capacities, pods, troubled } = group
  return (
    <section className={styles.group} aria-label={title || t.waiting}>
      <h2 className={styles.title}>
        <KindGlyph kind={owner?.kind ?? 'Node'} />
        <span className={styles.name}>{title || t.waiting}</span>
        <span className={styles.amount}>{t.pods(pods.length)}</span>
      </h2>
      {capacities.map((capacity) => (
        <CapacityBar key={capacity.resource} {...capacity} />
      ))}
      <div className={styles.pods}>
        {pods.map((pod) => (
          <Pod key={pod.id} pod={pod} isSelected={pod.id === selected} onOpen={onOpen} />
        ))}
      </div>
      {troubled.length > 0 && (
        <ul className={styles.troubled}>
          {troubled.map((pod) => (
            <li key={pod.id}>
              <StatusMark status={pod.health} />
              <button type="button" className={styles.open} onClick={() => onOpen(pod)}>
                {pod.name}
              </button>
              <span className={styles.reason}>
                <Reason node={pod} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Pod({ pod, isSelected, onOpen }: { pod: GraphNode; isSelected: boolean; onOpen(node: GraphNode): void }) {
  const t = useTexts()
  const words = useStatusWords()
  const language = useLanguage()
  const { health, name, reason } = pod
  const restarts = Number(infoOf(pod, 'Restart Count') ?? 0)
  const containers = infoOf(pod, 'Containers')
  const label = [
    name,
    isStatusWord(health) ? words[health] : words.Unknown,
    reason,
    containers && t.containers(containers),
    restarts > 0 && t.restarts(restarts),
  ]
    .filter(Boolean)
    .join(', ')
  return (
    <button
      type="button"
      lang={language}
      className={styles.pod}
      aria-pressed={isSelected}
      aria-label={label}
      title={label}
      onClick={() => onOpen(pod)}
    >
      <StatusMark status={health} />
    </button>
  )
}
