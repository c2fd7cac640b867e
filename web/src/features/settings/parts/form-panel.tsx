/** A form at the side: what is filled in, what the server says to it, and the button that does it. */
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { failureText } from '../../../lib/api.ts'
import { texts } from '../../../lib/language.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'

export interface FormPanelProps {
  title: ReactNode
  description?: ReactNode
  /** What the button says. */
  action: string
  /** Closes the panel when it is done; what it throws is told. */
  submit(): Promise<unknown>
  onClose(): void
  disabled?: boolean
  /** Besides the button, at the left: something to try before. */
  extra?: ReactNode
  shape?: 'dialog' | 'panel' | 'wide panel'
  /** Stays open when it is done: there is something to see. */
  stays?: boolean
  children: ReactNode
}

const useTexts = texts({ en: { cancel: 'Cancel' }, fr: { cancel: 'Annuler' } })

export function FormPanel(props: FormPanelProps) {
  const { title, description, action, submit, onClose, disabled, extra, shape = 'panel', stays, children } = props
  const t = useTexts()
  const form = useId()
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>()
  const notice = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (failure === undefined) return
    // Where something can be mended, before where it is told.
    const invalid = notice.current?.closest('form')?.querySelector<HTMLElement>('[aria-invalid=true]')
    if (invalid) invalid.focus()
    else notice.current?.scrollIntoView({ block: 'nearest' })
  }, [failure])

  async function run(): Promise<void> {
    setBusy(true)
    setFailure(undefined)
    try {
      await submit()
      if (!stays) onClose()
    } catch (error) {
      setFailure(error)
    }
    setBusy(false)
  }

  return (
    <Dialog
      shape={shape}
      title={title}
      description={description}
      onClose={onClose}
      footer={
        <>
          {extra}
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button kind="primary" type="submit" form={form} busy={isBusy} disabled={disabled}>
            {action}
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault()
          // A dialog that was opened from this one is not this form.
          event.stopPropagation()
          void run()
        }}
      >
        {children}
        <div ref={notice}>{failure !== undefined && <Notice tone="bad">{failureText(failure)}</Notice>}</div>
      </form>
    </Dialog>
  )
}
