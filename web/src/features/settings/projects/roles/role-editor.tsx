/** Adds or changes a role of a project. */
import { useState } from 'react'
import type { Project } from '../../../../lib/api.ts'
import { useLanguage } from '../../../../lib/language.ts'
import { Field, TextInput } from '../../../../ui/field.tsx'
import { Notice } from '../../../../ui/notice.tsx'
import { FormPanel } from '../../parts/form-panel.tsx'
import { LinesField } from '../../parts/lines-field.tsx'
import styles from '../../parts/parts.module.css'
import { RowsField } from '../../parts/rows-field.tsx'
import { type Role, useProjectWriter } from '../ask-projects.ts'
import { type Policy, policyActions, policyResources, readPolicy, sentence, writePolicy } from './policy.ts'
import { useRoleTexts } from './texts.ts'

type Row = Record<string, string>

const fresh = { effect: 'allow', action: 'get', resource: 'applications', object: '*' }

/** Without a role, a new one. */
export function RoleEditor({ project, role, onClose }: { project: Project; role?: Role; onClose(): void }) {
  const t = useRoleTexts()
  const language = useLanguage()
  const writer = useProjectWriter()
  const before = { project: project.metadata.name, role: role?.name ?? '' }
  const [name, setName] = useState(role?.name ?? '')
  const [description, setDescription] = useState(role?.description ?? '')
  const [groups, setGroups] = useState(role?.groups ?? [])
  const [rows, setRows] = useState<Row[]>(() =>
    role ? (role.policies ?? []).flatMap((line) => rowOf(readPolicy(line, before))) : [fresh],
  )
  const foreign = (role?.policies ?? []).filter((line) => !readPolicy(line, before))

  async function save(): Promise<void> {
    const named = { project: project.metadata.name, role: name.trim() }
    const changed: Role = {
      ...role,
      name: named.role,
      description,
      groups,
      policies: [...rows.map((row) => writePolicy(policyOf(row), named)), ...foreign],
    }
    const roles = project.spec.roles ?? []
    const all = role ? roles.map((one) => (one.name === role.name ? changed : one)) : [...roles, changed]
    await writer.save(project, { ...project.spec, roles: all })
  }

  return (
    <FormPanel
      title={role ? t.editTitle(role.name) : t.addTitle}
      description={t.lead}
      action={role ? t.save : t.add}
      disabled={name.trim() === ''}
      submit={save}
      onClose={onClose}
    >
      <div className={styles.columns}>
        <Field label={t.name} hint={t.nameHint}>
          {(field) => (
            <TextInput
              {...field}
              mono
              value={name}
              // Its tokens are made for its name.
              disabled={role !== undefined}
              onChange={(event) => setName(event.target.value)}
              autoFocus={!role}
            />
          )}
        </Field>
        <Field label={t.description}>
          {(field) => (
            <TextInput {...field} value={description} onChange={(event) => setDescription(event.target.value)} />
          )}
        </Field>
      </div>
      <RowsField
        label={t.may}
        hint={t.policiesHint}
        add={t.addPolicy}
        fresh={fresh}
        rows={rows}
        onChange={setRows}
        columns={[
          {
            id: 'effect',
            label: t.columns.effect,
            choices: [
              { value: 'allow', label: t.effects.allow },
              { value: 'deny', label: t.effects.deny },
            ],
          },
          { id: 'action', label: t.columns.action, suggestions: policyActions },
          {
            id: 'resource',
            label: t.columns.resource,
            choices: policyResources.map((one) => ({ value: one, label: one })),
          },
          { id: 'object', label: t.columns.object },
        ]}
      />
      <ul className={styles.sentences} aria-live="polite">
        {rows.map((row) => {
          const policy = policyOf(row)
          const named = { project: project.metadata.name, role: name || '…' }
          return (
            <li key={JSON.stringify(row)}>
              {sentence(policy, language)}
              <div className={styles.hint}>
                <code>{writePolicy(policy, named)}</code>
              </div>
            </li>
          )
        })}
      </ul>
      {foreign.length > 0 && (
        <Notice tone="drift" title={t.kept}>
          {foreign.map((line) => (
            <div key={line}>
              <code>{line}</code>
            </div>
          ))}
        </Notice>
      )}
      <LinesField label={t.groups} hint={t.groupsHint} values={groups} onChange={setGroups} />
    </FormPanel>
  )
}

function rowOf(policy: Policy | undefined): Row[] {
  return policy ? [{ ...policy }] : []
}

function policyOf({ resource = '', action = '', object = '', effect }: Row): Policy {
  return { resource, action: action.trim(), object: object.trim(), effect: effect === 'deny' ? 'deny' : 'allow' }
}
