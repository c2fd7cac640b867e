/** Several views of one thing, each with its own name; which one is open belongs into the address. */
import { Tabs as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import styles from './tabs.module.css'

export interface Tab {
  id: string
  label: ReactNode
  content: ReactNode
}

export interface TabsProps {
  label: string
  tabs: Tab[]
  open: string
  onOpen(id: string): void
}

/** Only the open one is drawn. */
export function Tabs({ label, tabs, open, onOpen }: TabsProps) {
  return (
    <Radix.Root className={styles.tabs} value={open} onValueChange={onOpen} activationMode="manual">
      <Radix.List className={styles.list} aria-label={label}>
        {tabs.map((tab) => (
          <Radix.Trigger key={tab.id} className={styles.tab} value={tab.id}>
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.id} className={styles.content} value={tab.id}>
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  )
}
