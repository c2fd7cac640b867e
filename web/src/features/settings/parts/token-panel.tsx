/** A token is made once and shown once. */
import { useState } from 'react'
import { texts } from '../../../lib/language.ts'
import { Button } from '../../../ui/button.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Field, Select, TextInput } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { FormPanel } from './form-panel.tsx'
import styles from './parts.module.css'

export interface TokenWish {
  id?: string
  /** Seconds; 0: it does not end. */
  expiresIn: number
}

export interface TokenPanelProps {
  /** Whose it will be, such as `account ci`. */
  owner: string
  create(wish: TokenWish): Promise<string>
  onClose(): void
}

const useTexts = texts({
  en: {
    title: (owner: string) => `New token of ${owner}`,
    about: 'Whoever has it may do what its owner may, until it ends or is revoked.',
    name: 'Name of the token',
    nameHint: 'To recognise it by; without one it gets one by chance.',
    lasts: 'How long it lasts',
    lastsHint: 'A token that ends by itself cannot be forgotten.',
    days: { 1: '1 day', 7: '7 days', 30: '30 days', 90: '90 days', 365: '1 year', 0: 'Without end' },
    create: 'Create token',
    made: 'The token',
    once: 'This is the only time it is shown: copy it now, and keep it like a password.',
    copy: 'Copy token',
    done: 'I have it',
  },
  fr: {
    title: (owner: string) => `Nouveau jeton de ${owner}`,
    about: 'Qui le possède peut faire ce que peut son propriétaire, jusqu’à son terme ou sa révocation.',
    name: 'Nom du jeton',
    nameHint: 'Pour le reconnaître ; sans nom, il en reçoit un au hasard.',
    lasts: 'Durée de validité',
    lastsHint: 'Un jeton qui prend fin de lui-même ne peut pas être oublié.',
    days: { 1: '1 jour', 7: '7 jours', 30: '30 jours', 90: '90 jours', 365: '1 an', 0: 'Sans fin' },
    create: 'Créer le jeton',
    made: 'Le jeton',
    once: 'Il n’est montré que cette fois : copiez-le maintenant, et gardez-le comme un mot de passe.',
    copy: 'Copier le jeton',
    done: 'Je l’ai',
  },
})

const lifetimes = [1, 7, 30, 90, 365, 0] as const
const daySeconds = 24 * 3600

export function TokenPanel({ owner, create, onClose }: TokenPanelProps) {
  const t = useTexts()
  const [id, setId] = useState('')
  const [days, setDays] = useState(30)
  const [token, setToken] = useState<string>()
  if (token !== undefined) {
    return (
      <Dialog
        title={t.made}
        onClose={onClose}
        footer={
          <Button kind="primary" onClick={onClose}>
            {t.done}
          </Button>
        }
      >
        <Notice tone="drift">{t.once}</Notice>
        <div className={styles.token}>
          <code>{token}</code>
        </div>
        <CopyButton text={token} words={t.copy} />
      </Dialog>
    )
  }
  return (
    <FormPanel
      shape="dialog"
      title={t.title(owner)}
      description={t.about}
      action={t.create}
      stays
      onClose={onClose}
      submit={async () => setToken(await create({ ...(id && { id }), expiresIn: days * daySeconds }))}
    >
      <Field label={t.name} hint={t.nameHint}>
        {(field) => <TextInput {...field} mono value={id} onChange={(event) => setId(event.target.value)} autoFocus />}
      </Field>
      <Field label={t.lasts} hint={t.lastsHint}>
        {(field) => (
          <Select {...field} value={days} onChange={(event) => setDays(Number(event.target.value))}>
            {lifetimes.map((one) => (
              <option key={one} value={one}>
                {t.days[one]}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </FormPanel>
  )
}
