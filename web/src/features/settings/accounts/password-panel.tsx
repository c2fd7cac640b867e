/** Gives an account another password. Whoever does shows their own first. */
import { useState } from 'react'
import { api, routes } from '../../../lib/api.ts'
import { useSession } from '../../../lib/session.tsx'
import { Field, TextInput } from '../../../ui/field.tsx'
import { useTell } from '../../../ui/toasts.tsx'
import { FormPanel } from '../parts/form-panel.tsx'
import { useAccountTexts } from './texts.ts'

export function PasswordPanel({ name, isOwn, onClose }: { name: string; isOwn: boolean; onClose(): void }) {
  const t = useAccountTexts()
  const tell = useTell()
  const { user, settings, changed } = useSession()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const differs = again !== '' && again !== next

  async function submit(): Promise<void> {
    await api.call(routes.accounts.updatePassword, { body: { name, currentPassword: current, newPassword: next } })
    tell.done(t.changed(name))
    if (!isOwn) return
    // The old session has ended with the old password.
    await api.call(routes.session.create, { body: { username: name, password: next } })
    await changed()
  }

  return (
    <FormPanel
      shape="dialog"
      title={t.changeOf(name)}
      description={t.passwordLead}
      action={t.changePassword}
      disabled={current === '' || next === '' || again !== next}
      submit={submit}
      onClose={onClose}
    >
      <Field label={isOwn ? t.current : t.own(user.username ?? '')} hint={t.ownHint}>
        {(field) => (
          <TextInput
            {...field}
            type="password"
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.target.value)}
            autoFocus
          />
        )}
      </Field>
      <Field label={t.next} hint={settings.passwordPattern && t.nextHint(settings.passwordPattern)}>
        {(field) => (
          <TextInput
            {...field}
            type="password"
            autoComplete="new-password"
            value={next}
            onChange={(event) => setNext(event.target.value)}
          />
        )}
      </Field>
      <Field label={t.again} error={differs && t.differ}>
        {(field) => (
          <TextInput
            {...field}
            type="password"
            autoComplete="new-password"
            value={again}
            onChange={(event) => setAgain(event.target.value)}
          />
        )}
      </Field>
    </FormPanel>
  )
}
