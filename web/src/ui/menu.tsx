/** A list of what can be done, opened by a button. */
import { DropdownMenu as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import styles from './menu.module.css'

export interface MenuItem {
  label: ReactNode
  icon?: ReactNode
  run(): void
  danger?: boolean
  disabled?: boolean
  /** Why it cannot be done, or what it will do. */
  hint?: ReactNode
  /** Marks the one that is chosen, in a menu of choices. */
  checked?: boolean
}

export interface MenuProps {
  /** A Button or IconButton. */
  trigger: ReactNode
  /** Groups, with a line between them. */
  groups: MenuItem[][]
  align?: 'start' | 'end'
}

export function Menu({ trigger, groups, align = 'end' }: MenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles.menu} align={align} sideOffset={4} collisionPadding={8}>
          {groups
            .filter((items) => items.length > 0)
            .map((items, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: groups have no names and do not move
              <Radix.Group key={index} className={styles.group}>
                {items.map((item, position) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: items have no names and do not move
                  <Item key={position} item={item} />
                ))}
              </Radix.Group>
            ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

function Item({ item: { label, icon, run, danger, disabled = false, hint, checked } }: { item: MenuItem }) {
  const content = (
    <>
      <span className={styles.icon} aria-hidden="true">
        {checked === undefined ? icon : checked ? '✓' : ''}
      </span>
      <span>
        {label}
        {hint && <span className={styles.hint}>{hint}</span>}
      </span>
    </>
  )
  const look = classes(styles.item, danger && styles.danger)
  if (checked !== undefined) {
    return (
      <Radix.CheckboxItem className={look} checked={checked} disabled={disabled} onSelect={run}>
        {content}
      </Radix.CheckboxItem>
    )
  }
  return (
    <Radix.Item className={look} disabled={disabled} onSelect={run}>
      {content}
    </Radix.Item>
  )
}
