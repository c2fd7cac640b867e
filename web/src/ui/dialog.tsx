/** Something to be answered before anything else: a dialog in the middle, or a panel that slides in from the right. */
import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { texts } from '../lib/language.ts'
import { IconButton } from './button.tsx'
import { classes } from './classes.ts'
import { coverWith } from './covered.ts'
import styles from './dialog.module.css'

export interface DialogProps {
  title: ReactNode
  /** Below the title, in the same breath. */
  description?: ReactNode
  onClose(): void
  children: ReactNode
  /** Beside the cross: icon buttons about the dialog itself. */
  tools?: ReactNode
  /** Stays at the bottom while the rest scrolls: what is pressed to go on. */
  footer?: ReactNode
  /** `panel`: at the right, as high as the page. */
  shape?: 'dialog' | 'panel' | 'wide panel'
  /** A panel that is not modal leaves the page behind it usable. */
  modal?: boolean
}

const useTexts = texts({ en: { close: 'Close' }, fr: { close: 'Fermer' } })

export function Dialog(props: DialogProps) {
  const { title, description, onClose, children, tools, footer, shape = 'dialog', modal = true } = props
  const t = useTexts()
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()} modal={modal}>
      <Radix.Portal>
        {modal && <Radix.Overlay className={styles.scrim} />}
        <Radix.Content
          {...(!modal && { ref: covering })}
          className={classes(
            styles.content,
            shape === 'dialog' ? styles.dialog : styles.panel,
            shape === 'wide panel' && styles.wide,
          )}
          data-modal={modal || undefined}
          {...(!description && { 'aria-describedby': undefined })}
          onEscapeKeyDown={keepForEditors}
          {...(!modal && {
            onInteractOutside: (event: Event) => event.preventDefault(),
            onOpenAutoFocus: focusItself,
          })}
        >
          <header className={styles.header}>
            <div className={styles.titles}>
              <Radix.Title className={styles.title}>{title}</Radix.Title>
              {description && <Radix.Description className={styles.description}>{description}</Radix.Description>}
            </div>
            {tools}
            <Radix.Close asChild>
              <IconButton label={t.close}>
                <X />
              </IconButton>
            </Radix.Close>
          </header>
          <div className={styles.body}>{children}</div>
          {footer && <footer className={styles.footer}>{footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** Of a panel beside the page. */
function covering(panel: HTMLDivElement | null) {
  return panel ? coverWith(panel) : undefined
}

/** In an editor or a terminal the key means something of its own. */
function keepForEditors(event: KeyboardEvent): void {
  if (event.target instanceof Element && event.target.closest('.cm-editor, .xterm')) event.preventDefault()
}

/** What stays beside the page is come to as a whole, and not at the first of its buttons. */
function focusItself(event: Event): void {
  event.preventDefault()
  if (event.target instanceof HTMLElement) event.target.focus({ preventScroll: true })
}
