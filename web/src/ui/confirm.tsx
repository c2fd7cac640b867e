/** The last question before something is destroyed: it says what, and where it matters most, has its name typed. */
import { type ReactNode, useId, useState } from 'react'
import { failureText } from '../lib/api.ts'
import { texts } from '../lib/language.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Field, TextInput } from './field.tsx'
import { Notice } from './notice.tsx'

export interface ConfirmProps {
  title: ReactNode
  /** What will be gone, and what will stay. */
  children: ReactNode
  /** What the button says: a verb and what it does it to, such as `Delete project shop`. */
  action: string
  /** Has to be typed first. */
  typed?: string
  danger?: boolean
  run(): Promise<unknown>
  onClose(): void
}

const useTexts = texts({
  en: { cancel: 'Cancel', type: (name: string) => `Type ${name} to confirm` },
  fr: { cancel: 'Annuler', type: (name: string) => `Saisissez ${name} pour confirmer` },
})

export function Confirm({ title, children, action, typed, danger = true, run, onClose }: ConfirmProps) {
  const t = useTexts()
  const [text, setText] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>()
  const form = useId()

  async function submit(): Promise<void> {
    setBusy(true)
    setFailure(undefined)
    try {
      await run()
      onClose()
    } catch (error) {
      setFailure(error)
      setBusy(false)
    }
  }

  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button
            kind={danger ? 'danger' : 'primary'}
            type="submit"
            form={form}
            busy={isBusy}
            disabled={typed !== undefined && text !== typed}
          >
            {action}
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        {children}
        {typed !== undefined && (
          <Field label={t.type(typed)}>
            {(field) => (
              <TextInput {...field} value={text} onChange={(event) => setText(event.target.value)} autoFocus />
            )}
          </Field>
        )}
        {failure !== undefined && <Notice tone="bad">{failureText(failure)}</Notice>}
      </form>
    </Dialog>
  )
}
