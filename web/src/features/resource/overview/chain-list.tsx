/** From what Git declares, over this object, down to what keeps it from being well. */
import { CornerDownRight } from 'lucide-react'
import type { ResourceNode } from '../../../lib/api.ts'
import { count, texts, useLanguage } from '../../../lib/language.ts'
import { classes } from '../../../ui/classes.ts'
import { StatusMark, useStatusWords } from '../../../ui/status.tsx'
import { causesOf, childrenOf, ownersOf } from '../chain.ts'
import { useResourceLink } from '../use-resource-link.ts'
import styles from './overview.module.css'

const useTexts = texts({
  en: { more: (amount: string) => `and ${amount}`, other: 'other', others: 'others' },
  fr: { more: (amount: string) => `et ${amount}`, other: 'autre', others: 'autres' },
})

/** Of a well object, this many of what it owns. */
const mostChildren = 6

export function Chain({ nodes, node }: { nodes: ResourceNode[]; node: ResourceNode }) {
  const t = useTexts()
  const language = useLanguage()
  const owners = ownersOf(nodes, node)
  const causes = causesOf(nodes, node)
  const children = causes.length > 0 ? [] : childrenOf(nodes, node)
  const shown = children.slice(0, mostChildren)
  const line = [...owners, node, ...causes]
  // What only repeats the words of one below it is not said twice.
  const saysItself = (one: ResourceNode) =>
    !line.slice(line.indexOf(one) + 1).some(({ name = '' }) => one.health?.message?.includes(name))
  return (
    <ol className={styles.chain}>
      {owners.map((one, depth) => (
        <Step key={one.uid ?? one.name} node={one} depth={depth} saysWhy={saysItself(one)} />
      ))}
      <Step node={node} depth={owners.length} saysWhy={saysItself(node)} isHere />
      {causes.map((one, index) => (
        <Step key={one.uid ?? one.name} node={one} depth={owners.length + 1 + index} saysWhy={saysItself(one)} />
      ))}
      {shown.map((one) => (
        <Step key={one.uid ?? one.name} node={one} depth={owners.length + 1} saysWhy />
      ))}
      {children.length > shown.length && (
        <li className={styles.more} style={{ paddingLeft: (owners.length + 1) * 20 + 24 }}>
          {t.more(count(language, children.length - shown.length, t.other, t.others))}
        </li>
      )}
    </ol>
  )
}

interface StepProps {
  node: ResourceNode
  depth: number
  saysWhy: boolean
  isHere?: boolean
}

function Step({ node, depth, saysWhy, isHere }: StepProps) {
  const words = useStatusWords()
  const { href, open } = useResourceLink()(node)
  const status = node.health?.status
  return (
    <li className={classes(styles.step, isHere && styles.here)} style={{ paddingLeft: depth * 20 }}>
      {depth > 0 && <CornerDownRight className={styles.corner} aria-hidden="true" />}
      {status && <StatusMark status={status} title={words[status as keyof typeof words] ?? status} />}
      <span className={styles.kind}>{node.kind}</span>
      {isHere ? (
        <span className={styles.name} aria-current="true">
          {node.name}
        </span>
      ) : (
        <a
          className={styles.name}
          href={href}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return
            event.preventDefault()
            open()
          }}
        >
          {node.name}
        </a>
      )}
      {saysWhy && status !== 'Healthy' && node.health?.message && (
        <span className={styles.reason}>{node.health.message}</span>
      )}
    </li>
  )
}
