/** Who may do what: a question to the policies with the line that answers it, and what is wrong in them. */
import { type FormEvent, useId, useState } from 'react'
import { texts } from '../../../lib/language.ts'
import { useRights } from '../../../lib/rights.ts'
import { useSearchState } from '../../../lib/search-state.ts'
import { useSession } from '../../../lib/session.tsx'
import { Answer } from '../../../ui/answer.tsx'
import { Button } from '../../../ui/button.tsx'
import { Field, Select, TextInput } from '../../../ui/field.tsx'
import { Page } from '../../../ui/page.tsx'
import { Section } from '../parts/facts.tsx'
import parts from '../parts/parts.module.css'
import { useSettingsTexts } from '../texts.ts'
import styles from './access.module.css'
import { type PolicyQuestion, useExplanation } from './ask-access.ts'
import { PolicyProblems } from './policy-problems.tsx'
import { actionsOf, objectHint, resourceNames } from './policy-words.ts'
import { Verdict } from './verdict.tsx'

const useTexts = texts({
  en: {
    lead: 'The policies are in argocd-rbac-cm and in the roles of projects. What they decide can be asked here.',
    ask: 'May somebody do something?',
    subject: 'Who',
    subjectHint: 'A user, a group, or a role such as role:dev or proj:shop:ci.',
    self: 'You may ask about yourself. About others may ask who may see all accounts.',
    groups: 'Their groups',
    groupsHint: 'With commas between them; as the identity provider names them.',
    action: 'Do what',
    resource: 'With what',
    object: 'Which one',
    objectHint: '* stands for itself: it is allowed only where the policy says * too.',
    button: 'Ask the policies',
  },
  fr: {
    lead: 'Les règles sont dans argocd-rbac-cm et dans les rôles des projets. Ce qu’elles décident peut être demandé ici.',
    ask: 'Quelqu’un peut-il faire quelque chose ?',
    subject: 'Qui',
    subjectHint: 'Un utilisateur, un groupe, ou un rôle comme role:dev ou proj:shop:ci.',
    self: 'Vous pouvez demander pour vous-même. Pour d’autres, qui peut voir tous les comptes.',
    groups: 'Ses groupes',
    groupsHint: 'Séparés par des virgules ; comme le fournisseur d’identité les nomme.',
    action: 'Faire quoi',
    resource: 'Avec quoi',
    object: 'Lequel',
    objectHint: '* ne vaut que pour lui-même : il n’est permis que là où la règle dit aussi *.',
    button: 'Interroger les règles',
  },
})

export default function AccessPage() {
  const t = useTexts()
  const { pages } = useSettingsTexts()
  const { user } = useSession()
  const rights = useRights({ others: { resource: 'accounts', action: 'get', object: '*' } })
  const search = useSearchState()
  const self = user.username ?? ''
  // The question is in the address: an answer can be sent to who asked for it.
  const asked = readQuestion(search.get, self)
  const explanation = useExplanation(asked)

  function ask({ subject, groups, action, resource, object }: Draft): void {
    search.set({ subject, groups, action, resource, object, ask: 'yes' })
    if (asked) void explanation.refetch()
  }

  return (
    <Page title={pages.access.name} lead={t.lead}>
      <Section title={t.ask} lead={rights.others === false ? t.self : undefined}>
        <QuestionForm
          first={{
            subject: search.get('subject') ?? self,
            groups: search.get('groups') ?? '',
            action: search.get('action') ?? 'sync',
            resource: search.get('resource') ?? 'applications',
            object: search.get('object') ?? 'default/*',
          }}
          mayAskAboutOthers={rights.others === true}
          onAsk={ask}
        />
        <div className={styles.answer} aria-live="polite">
          {asked && (
            <Answer query={explanation} rows={2}>
              {(answer) => <Verdict question={{ ...asked, subject: asked.subject ?? self }} answer={answer} />}
            </Answer>
          )}
        </div>
      </Section>
      {rights.others && <PolicyProblems />}
    </Page>
  )
}

type Draft = Record<'subject' | 'groups' | 'action' | 'resource' | 'object', string>

function readQuestion(get: (name: string) => string | undefined, self: string): PolicyQuestion | undefined {
  if (!get('ask')) return undefined
  const subject = get('subject') ?? self
  const groups = (get('groups') ?? '')
    .split(',')
    .map((group) => group.trim())
    .filter(Boolean)
  return {
    // Oneself has groups that are known already.
    ...((subject !== self || groups.length > 0) && { subject, groups }),
    resource: get('resource') ?? '',
    action: get('action') ?? '',
    object: get('object') ?? '*',
  }
}

interface QuestionFormProps {
  first: Draft
  mayAskAboutOthers: boolean
  onAsk(draft: Draft): void
}

function QuestionForm({ first, mayAskAboutOthers, onAsk }: QuestionFormProps) {
  const t = useTexts()
  const id = useId()
  const [draft, setDraft] = useState(first)
  const change = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }))

  function submit(event: FormEvent): void {
    event.preventDefault()
    onAsk(draft)
  }

  return (
    <form onSubmit={submit}>
      <div className={parts.columns}>
        <Field label={t.subject} hint={t.subjectHint}>
          {(field) => (
            <TextInput
              {...field}
              mono
              disabled={!mayAskAboutOthers}
              value={draft.subject}
              onChange={(event) => change({ subject: event.target.value })}
            />
          )}
        </Field>
        {mayAskAboutOthers && (
          <Field label={t.groups} hint={t.groupsHint}>
            {(field) => (
              <TextInput
                {...field}
                mono
                value={draft.groups}
                onChange={(event) => change({ groups: event.target.value })}
              />
            )}
          </Field>
        )}
      </div>
      <div className={parts.columns}>
        <Field label={t.action}>
          {(field) => (
            <>
              <TextInput
                {...field}
                mono
                list={`${id}-actions`}
                value={draft.action}
                onChange={(event) => change({ action: event.target.value })}
              />
              <datalist id={`${id}-actions`}>
                {(actionsOf[draft.resource] ?? []).map((one) => (
                  <option key={one} value={one} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <Field label={t.resource}>
          {(field) => (
            <Select {...field} value={draft.resource} onChange={(event) => change({ resource: event.target.value })}>
              {resourceNames.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t.object} hint={t.objectHint}>
          {(field) => (
            <TextInput
              {...field}
              mono
              placeholder={objectHint(draft.resource)}
              value={draft.object}
              onChange={(event) => change({ object: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Button kind="primary" type="submit">
        {t.button}
      </Button>
    </form>
  )
}
