/** Short words about what has just been done, which go by themselves; errors stay until they are read. */
import { X } from 'lucide-react'
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'
import { failureText } from '../lib/api.ts'
import { texts } from '../lib/language.ts'
import { IconButton } from './button.tsx'
import { classes } from './classes.ts'
import styles from './toasts.module.css'

interface Toast {
  id: number
  text: ReactNode
  isError: boolean
}

export interface Tell {
  done(text: ReactNode): void
  failed(what: ReactNode, error: unknown): void
}

const shownMs = 5000
const Context = createContext<Tell>({ done() {}, failed() {} })
const useTexts = texts({ en: { close: 'Dismiss' }, fr: { close: 'Fermer' } })

export const useTell = () => useContext(Context)

export function Toasts({ children }: { children: ReactNode }) {
  const t = useTexts()
  const [toasts, setToasts] = useState<Toast[]>([])
  const remove = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), [])
  const add = useCallback(
    (text: ReactNode, isError: boolean) => {
      const id = Date.now() + Math.random()
      setToasts((all) => [...all.slice(-3), { id, text, isError }])
      if (!isError) setTimeout(() => remove(id), shownMs)
    },
    [remove],
  )
  const tell = useMemo<Tell>(
    () => ({
      done: (text) => add(text, false),
      failed: (what, error) =>
        add(
          <>
            <strong>{what}</strong> {failureText(error)}
          </>,
          true,
        ),
    }),
    [add],
  )
  return (
    <Context value={tell}>
      {children}
      <div className={styles.toasts} aria-live="polite">
        {toasts.map((toast) => (
          <div
            key={toast.id}
            className={classes(styles.toast, toast.isError && styles.error)}
            role={toast.isError ? 'alert' : 'status'}
          >
            <div className={styles.text}>{toast.text}</div>
            <IconButton label={t.close} onClick={() => remove(toast.id)}>
              <X />
            </IconButton>
          </div>
        ))}
      </div>
    </Context>
  )
}
