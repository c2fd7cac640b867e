/** One node of a tree: what it is, what it is called, how it is, and why. */
import { ChevronRight } from 'lucide-react'
import { memo } from 'react'
import { classes } from '../../../ui/classes.ts'
import { isStatusWord, StatusMark, toneOf, useStatusWords } from '../../../ui/status.tsx'
import type { GraphNode } from './graph.ts'
import { KindGlyph } from './kind-glyph.tsx'
import { mostSquares, sizes } from './sizes.ts'
import styles from './tree-node.module.css'
import { useTreeTexts } from './tree-texts.ts'

export interface TreeNodeProps {
  node: GraphNode
  domId: string
  x: number
  y: number
  level: number
  isSelected: boolean
  isActive: boolean
  /** undefined: it owns nothing. */
  isOpen: boolean | undefined
  /** Which Pod of a strip the keys are at. */
  activeMember: number | undefined
}

export const TreeNode = memo(function TreeNode(props: TreeNodeProps) {
  const { node, domId, x, y, level, isSelected, isActive, isOpen, activeMember } = props
  return (
    <div
      role="treeitem"
      id={domId}
      tabIndex={-1}
      data-node={node.id}
      aria-level={level}
      aria-selected={isSelected}
      aria-expanded={isOpen}
      className={classes(
        styles.node,
        !node.isDeclared && styles.hollow,
        node.isMissing && styles.missing,
        node.isOrphaned && styles.orphaned,
        node.type === 'fold' && styles.fold,
        node.type === 'application' && styles.application,
        node.progress && styles[node.progress],
        isSelected && styles.selected,
        isActive && styles.active,
      )}
      style={{ width: sizes.width, height: sizes.height, transform: `translate(${x}px, ${y}px)` }}
    >
      <KindGlyph kind={node.kind} />
      {node.type === 'pods' ? <Strip node={node} activeMember={activeMember} /> : <Words node={node} />}
      <Marks node={node} />
      {isOpen !== undefined && (
        <span className={styles.toggle} data-toggle aria-hidden="true">
          <ChevronRight className={isOpen ? styles.turned : undefined} />
        </span>
      )}
    </div>
  )
})

function Words({ node }: { node: GraphNode }) {
  const t = useTreeTexts()
  const { type, kind, name, members, isPruned, reason } = node
  if (type === 'orphans') return <OrphansWords node={node} />
  const isFold = type === 'fold'
  return (
    <span className={styles.words}>
      <span className={classes(styles.name, isPruned && styles.struck)} title={name}>
        {isFold ? t.folded(members?.length ?? 0, kind) : name}
      </span>
      {!isFold && (
        <span className={styles.detail} title={reason}>
          {hasReason(node) && <span className={styles.unseen}>{`${kind} `}</span>}
          <Reason node={node} otherwise={type === 'address' ? t.address : t.kindOf(node)} />
        </span>
      )}
    </span>
  )
}

function OrphansWords({ node }: { node: GraphNode }) {
  const t = useTreeTexts()
  return (
    <span className={styles.words} title={t.orphansHint}>
      <span className={styles.title}>{t.orphans}</span>
      <span className={styles.detail}>{t.shown(orphansIn(node))}</span>
    </span>
  )
}

/** Without what they own. */
function orphansIn({ children }: GraphNode): number {
  return children.reduce((sum, { members }) => sum + (members?.length ?? 1), 0)
}

export interface ReasonProps {
  node: GraphNode
  /** What is said where nothing is wrong. */
  otherwise?: string | undefined
}

/** It stands in the place of the kind, which the glyph shows too. */
function hasReason({ hook, isMissing, isPruned, reason }: GraphNode): boolean {
  return isMissing || isPruned || reason !== undefined || hook !== undefined
}

/** Why a node is not as it should be. */
export function Reason({ node, otherwise }: ReasonProps) {
  const t = useTreeTexts()
  const { hook, isMissing, isPruned, reason, health, sync } = node
  const words = isMissing ? t.missing : isPruned ? t.pruned : (reason ?? (hook ? t.hook(hook.type) : undefined))
  if (!words) return otherwise
  const worst = isMissing || isPruned || (health ?? 'Healthy') === 'Healthy' ? (sync ?? 'Synced') : health
  return <span className={styles[`reason-${worst === 'Synced' ? 'none' : toneOf(worst)}`]}>{words}</span>
}

/** What is as it should be is told by one quiet mark. */
function Marks({ node }: { node: GraphNode }) {
  const words = useStatusWords()
  const t = useTreeTexts()
  const { progress, hook, health, sync, isMissing, type } = node
  if (type === 'address' || type === 'orphans') return null
  return (
    <span className={styles.marks}>
      {progress === 'waiting' && <span className={styles.dot} title={t.progress.waiting} />}
      {progress === 'running' && <StatusMark status="Running" title={t.progress.running} />}
      {progress === 'failed' && <StatusMark status="Failed" title={t.progress.failed} />}
      {!progress && hook?.phase && <StatusMark status={hook.phase} title={`${hook.type}: ${hook.phase}`} />}
      {sync === 'OutOfSync' && !progress && <StatusMark status="OutOfSync" title={words.OutOfSync} />}
      {health && !(isMissing && progress) && (
        <StatusMark status={health} title={isStatusWord(health) ? words[health] : health} />
      )}
    </span>
  )
}

function Strip({ node, activeMember }: { node: GraphNode; activeMember: number | undefined }) {
  const t = useTreeTexts()
  const members = node.members ?? []
  const isLong = members.length > mostSquares
  const shown = isLong ? members.slice(0, mostSquares - 2) : members
  return (
    <span className={styles.words}>
      <span className={styles.detail} title={node.reason}>
        {t.pods(members.length)}
        {node.name && ` · ${node.name}`}
        {node.reason && ' · '}
        <Reason node={node} />
      </span>
      <span className={styles.squares} aria-hidden="true">
        {shown.map((pod, index) => (
          <PodSquare key={pod.id} pod={pod} isActive={index === activeMember} />
        ))}
        {isLong && <span className={styles.rest}>+{members.length - shown.length}</span>}
      </span>
    </span>
  )
}

export function PodSquare({ pod, isActive = false }: { pod: GraphNode; isActive?: boolean }) {
  const words = useStatusWords()
  const { health } = pod
  const word = isStatusWord(health) ? words[health] : words.Unknown
  return (
    <span
      className={classes(styles.square, styles[`square-${toneOf(health)}`], isActive && styles.active)}
      data-pod={pod.id}
      title={[pod.name, word, pod.reason].filter(Boolean).join(' · ')}
    >
      {health !== 'Healthy' && <StatusMark status={health} size={10} />}
    </span>
  )
}
