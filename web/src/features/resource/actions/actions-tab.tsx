/** What can be done to an object, each with what it does; and deleting it. */
import { useState } from 'react'
import { type Application, failureText, type ResourceNode } from '../../../lib/api.ts'
import { texts } from '../../../lib/language.ts'
import { Button } from '../../../ui/button.tsx'
import { Confirm } from '../../../ui/confirm.tsx'
import { Field, TextInput } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { useTell } from '../../../ui/toasts.tsx'
import { type ObjectAction, runAction } from '../queries/object-actions.ts'
import type { ObjectRights } from '../resource-panel.tsx'
import { isDisruptive, titleOf, useActionWords } from './action-words.ts'
import styles from './actions.module.css'
import { DeleteObject } from './delete-object.tsx'

const useTexts = texts({
  en: {
    none: 'There is nothing to be done to an object of this kind but what Git declares.',
    failed: 'The actions cannot be read',
    disabled: 'Not at the moment',
    ask: (title: string, kind: string, name: string) => `${title}: ${kind} ${name}?`,
    run: (title: string, name: string) => `${title} ${name}`,
    done: (title: string, name: string) => `${title}: ${name} is on its way.`,
    delete: 'Delete',
    deleteText: 'Takes it out of the cluster. What Git declares, the next sync makes anew.',
    deleteButton: (kind: string) => `Delete this ${kind}…`,
  },
  fr: {
    none: 'Rien n’est à faire sur un objet de ce type, hormis ce que Git déclare.',
    failed: 'Les actions sont illisibles',
    disabled: 'Pas en ce moment',
    ask: (title: string, kind: string, name: string) => `${title} : ${kind} ${name} ?`,
    run: (title: string, name: string) => `${title} ${name}`,
    done: (title: string, name: string) => `${title} : ${name}, c’est parti.`,
    delete: 'Supprimer',
    deleteText: 'Le retire du cluster. Ce que Git déclare, la prochaine synchronisation le refait.',
    deleteButton: (kind: string) => `Supprimer ce ${kind}…`,
  },
})

interface ActionsTabProps {
  application: Application
  node: ResourceNode
  rights: ObjectRights
  /** Those that the user may run; undefined: not known yet. */
  offered: { actions: ObjectAction[] | undefined; error: unknown }
  onDeleted(): void
}

export default function ActionsTab({ application, node, rights, offered, onDeleted }: ActionsTabProps) {
  const t = useTexts()
  const { actions, error } = offered
  const [isDeleting, setDeleting] = useState(false)
  if (error) {
    return (
      <Notice tone="bad" title={t.failed}>
        {failureText(error)}
      </Notice>
    )
  }
  if (!actions) return <Skeleton rows={4} height={40} />
  return (
    <div className={styles.actions}>
      {actions.length === 0 && <p className={styles.none}>{t.none}</p>}
      {actions.map((action) => (
        <Action key={action.name} {...{ application, node, action }} />
      ))}
      {rights.delete && (
        <div className={styles.action}>
          <div className={styles.words}>
            <div className={styles.title}>{t.delete}</div>
            <div className={styles.text}>{t.deleteText}</div>
          </div>
          <Button onClick={() => setDeleting(true)}>{t.deleteButton(node.kind ?? '')}</Button>
        </div>
      )}
      {isDeleting && (
        <DeleteObject application={application} node={node} onClose={() => setDeleting(false)} onDeleted={onDeleted} />
      )}
    </div>
  )
}

function Action({
  application,
  node,
  action,
}: Pick<ActionsTabProps, 'application' | 'node'> & { action: ObjectAction }) {
  const t = useTexts()
  const tell = useTell()
  const words = useActionWords()[action.name]
  const title = action.displayName || words?.title || titleOf(action.name)
  const { kind = '', name = '' } = node
  const params = action.params ?? []
  const [values, setValues] = useState<Record<string, string>>({})
  const [isAsking, setAsking] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>()
  const parameters = Object.fromEntries(params.map((one) => [one.name, values[one.name] ?? one.default ?? '']))
  const isReady = params.every((one) => parameters[one.name] !== '')

  async function run(): Promise<void> {
    await runAction(application, node, { name: action.name, parameters })
    tell.done(t.done(title, name))
  }

  async function press(): Promise<void> {
    setFailure(undefined)
    if (isDisruptive(action.name)) return setAsking(true)
    setBusy(true)
    try {
      await run()
    } catch (error) {
      setFailure(error)
    }
    setBusy(false)
  }

  return (
    <form
      className={styles.action}
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault()
        void press()
      }}
    >
      <div className={styles.words}>
        <div className={styles.title}>{title}</div>
        {words && <div className={styles.text}>{words.text}</div>}
        {failure !== undefined && <Notice tone="bad">{failureText(failure)}</Notice>}
      </div>
      {params.map((one) => (
        <div key={one.name} className={styles.parameter}>
          <Field label={one.name}>
            {(field) => (
              <TextInput
                {...field}
                value={values[one.name] ?? one.default ?? ''}
                disabled={action.disabled}
                onChange={({ target }) => setValues((before) => ({ ...before, [one.name]: target.value }))}
              />
            )}
          </Field>
        </div>
      ))}
      <Button
        type="submit"
        busy={isBusy}
        disabled={action.disabled === true || !isReady}
        title={action.disabled ? t.disabled : undefined}
      >
        {title}
      </Button>
      {isAsking && (
        <Confirm
          title={t.ask(title, kind, name)}
          action={t.run(title, name)}
          danger={false}
          run={run}
          onClose={() => setAsking(false)}
        >
          <p>{words?.text}</p>
        </Confirm>
      )}
    </form>
  )
}
