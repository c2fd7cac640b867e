/** A tree as it fits a phone: rows, each further to the right the deeper it is. */
import { ChevronRight } from 'lucide-react'
import { useRef } from 'react'
import { classes } from '../../../ui/classes.ts'
import { isStatusWord, StatusMark, useStatusWords } from '../../../ui/status.tsx'
import { useRowsInSight } from '../list/rows-in-sight.ts'
import type { GraphNode } from './graph.ts'
import { KindGlyph } from './kind-glyph.tsx'
import type { Layout } from './layout.ts'
import { PodSquare, Reason } from './tree-node.tsx'
import styles from './tree-rows.module.css'
import { useTreeTexts } from './tree-texts.ts'

export interface TreeRowsProps {
  label: string
  layout: Layout<GraphNode>
  closed: ReadonlySet<string>
  onOpen(node: GraphNode): void
  onToggle(id: string): void
}

const rowHeight = 52
const mostPods = 14

export function TreeRows({ label, layout, closed, onOpen, onToggle }: TreeRowsProps) {
  const list = useRef<HTMLUListElement>(null)
  const { places } = layout
  const { first, end } = useRowsInSight(list, places.length, rowHeight)
  return (
    <ul ref={list} className={styles.rows} aria-label={label} style={{ height: places.length * rowHeight }}>
      {places.slice(first, end).map(({ node, depth }, offset) => (
        <Row
          key={node.id}
          node={node}
          depth={depth}
          index={first + offset}
          isOpen={node.children.length > 0 || closed.has(node.id) ? !closed.has(node.id) : undefined}
          onOpen={onOpen}
          onToggle={onToggle}
        />
      ))}
    </ul>
  )
}

interface RowProps extends Pick<TreeRowsProps, 'onOpen' | 'onToggle'> {
  node: GraphNode
  depth: number
  index: number
  isOpen: boolean | undefined
}

function Row({ node, depth, index, isOpen, onOpen, onToggle }: RowProps) {
  const t = useTreeTexts()
  const words = useStatusWords()
  const { type, kind, name, health, sync, members = [], isPruned, progress } = node
  return (
    <li className={styles.row} style={{ transform: `translateY(${index * rowHeight}px)`, paddingLeft: depth * 18 }}>
      {isOpen === undefined ? (
        <span className={styles.noToggle} />
      ) : (
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={isOpen}
          aria-label={`${isOpen ? t.close : t.open} ${type === 'orphans' ? t.orphans : `${kind} ${name}`}`}
          onClick={() => onToggle(node.id)}
        >
          <ChevronRight className={isOpen ? styles.turned : undefined} />
        </button>
      )}
      <button
        type="button"
        className={styles.open}
        onClick={() =>
          type === 'fold' || type === 'orphans'
            ? onToggle(node.id)
            : onOpen(type === 'pods' ? (members[0] ?? node) : node)
        }
      >
        <KindGlyph kind={kind} />
        <span className={styles.words}>
          <span className={classes(styles.name, isPruned && styles.struck)}>{nameOf(node, t)}</span>
          {type === 'pods' ? (
            <span className={styles.squares} aria-hidden="true">
              {members.slice(0, mostPods).map((pod) => (
                <PodSquare key={pod.id} pod={pod} />
              ))}
            </span>
          ) : (
            type !== 'fold' && (
              <span className={styles.detail}>
                <Reason node={node} otherwise={type === 'orphans' ? t.orphansHint : t.kindOf(node)} />
              </span>
            )
          )}
        </span>
        {progress === 'running' && <StatusMark status="Running" title={t.progress.running} />}
        {sync === 'OutOfSync' && <StatusMark status="OutOfSync" title={words.OutOfSync} />}
        {health && <StatusMark status={health} title={isStatusWord(health) ? words[health] : health} />}
      </button>
    </li>
  )
}

function nameOf({ type, kind, name, members = [] }: GraphNode, t: ReturnType<typeof useTreeTexts>): string {
  if (type === 'pods') return t.pods(members.length)
  if (type === 'fold') return t.folded(members.length, kind)
  return type === 'orphans' ? t.orphans : name
}
