/** Sends a test to a recipient, or what a template says of an application. */
import { useState } from 'react'
import { api, routes } from '../../../lib/api.ts'
import { texts } from '../../../lib/language.ts'
import { Field, Select, TextInput } from '../../../ui/field.tsx'
import { useTell } from '../../../ui/toasts.tsx'
import { FormPanel } from '../parts/form-panel.tsx'

const useTexts = texts({
  en: {
    title: 'Send a test',
    lead: 'It is sent once, now. What the service answers is told here.',
    send: 'Send',
    service: 'Service',
    recipient: 'Recipient',
    recipientHint: 'A channel, an address or a number, as the service wants it; some want none.',
    template: 'Template',
    plain: 'None: a line that says it is a test',
    application: 'Application',
    applicationHint: 'What the template is about: a name, or namespace/name.',
    sent: (service: string) => `The test has been taken by ${service}`,
  },
  fr: {
    title: 'Envoyer un essai',
    lead: 'Il est envoyé une fois, tout de suite. La réponse du service est donnée ici.',
    send: 'Envoyer',
    service: 'Service',
    recipient: 'Destinataire',
    recipientHint: 'Un canal, une adresse ou un numéro, selon le service ; certains n’en veulent pas.',
    template: 'Modèle',
    plain: 'Aucun : une ligne qui dit que c’est un essai',
    application: 'Application',
    applicationHint: 'Ce dont parle le modèle : un nom, ou espace de noms/nom.',
    sent: (service: string) => `L’essai a été accepté par ${service}`,
  },
})

export interface TestPanelProps {
  services: string[]
  templates: string[]
  onClose(): void
}

export function TestPanel({ services, templates, onClose }: TestPanelProps) {
  const t = useTexts()
  const tell = useTell()
  const [service, setService] = useState(services[0] ?? '')
  const [recipient, setRecipient] = useState('')
  const [template, setTemplate] = useState('')
  const [application, setApplication] = useState('')
  const isAbout = template !== ''

  async function send(): Promise<void> {
    const about = isAbout ? { template, application: application.trim() } : {}
    await api.call(routes.notifications.test, { body: { service, recipient: recipient.trim(), ...about } })
    tell.done(t.sent(service))
  }

  return (
    <FormPanel
      title={t.title}
      description={t.lead}
      action={t.send}
      disabled={service === '' || (isAbout && application.trim() === '')}
      submit={send}
      onClose={onClose}
    >
      <Field label={t.service}>
        {(field) => (
          <Select {...field} value={service} onChange={(event) => setService(event.target.value)}>
            <Options values={services} />
          </Select>
        )}
      </Field>
      <Field label={t.recipient} hint={t.recipientHint}>
        {(field) => (
          <TextInput {...field} value={recipient} onChange={(event) => setRecipient(event.target.value)} autoFocus />
        )}
      </Field>
      <Field label={t.template}>
        {(field) => (
          <Select {...field} value={template} onChange={(event) => setTemplate(event.target.value)}>
            <option value="">{t.plain}</option>
            <Options values={templates} />
          </Select>
        )}
      </Field>
      {isAbout && (
        <Field label={t.application} hint={t.applicationHint}>
          {(field) => (
            <TextInput {...field} value={application} onChange={(event) => setApplication(event.target.value)} />
          )}
        </Field>
      )}
    </FormPanel>
  )
}

function Options({ values }: { values: string[] }) {
  return values.map((value) => (
    <option key={value} value={value}>
      {value}
    </option>
  ))
}
