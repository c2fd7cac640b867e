/** The roles of a project: what each may do, as sentences and as lines; its groups and tokens. */
import { Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api, type Project, routes } from '../../../../lib/api.ts'
import { useLanguage } from '../../../../lib/language.ts'
import { Button, IconButton } from '../../../../ui/button.tsx'
import { Confirm } from '../../../../ui/confirm.tsx'
import { Empty } from '../../../../ui/empty.tsx'
import { Chips } from '../../parts/chips.tsx'
import { Section } from '../../parts/facts.tsx'
import styles from '../../parts/parts.module.css'
import { TokenList } from '../../parts/token-list.tsx'
import { TokenPanel, type TokenWish } from '../../parts/token-panel.tsx'
import { type Role, useProjectWriter } from '../ask-projects.ts'
import type { ProjectTabProps } from '../rules/rules-tab.tsx'
import { readPolicy, sentence } from './policy.ts'
import { RoleEditor } from './role-editor.tsx'
import { useRoleTexts } from './texts.ts'

type Open = { what: 'add' } | { what: 'edit' | 'remove' | 'token'; role: Role }

export function RolesTab({ detailed: { project }, mayEdit }: ProjectTabProps) {
  const t = useRoleTexts()
  const writer = useProjectWriter()
  const [open, setOpen] = useState<Open>()
  const roles = project.spec.roles ?? []
  const close = () => setOpen(undefined)
  const add = mayEdit && (
    <Button icon={<Plus />} onClick={() => setOpen({ what: 'add' })}>
      {t.add}
    </Button>
  )

  async function createToken(role: Role, { id, expiresIn }: TokenWish): Promise<string> {
    const params = { project: project.metadata.name, role: role.name }
    const { token = '' } = await api.call(routes.projects.createToken, {
      params,
      body: { expiresIn, ...(id && { id }) },
    })
    await writer.refresh()
    return token
  }

  const without = (role: Role) => ({ ...project.spec, roles: roles.filter(({ name }) => name !== role.name) })
  return (
    <>
      {roles.length === 0 ? (
        <Empty title={t.none} actions={add}>
          {t.noneText}
        </Empty>
      ) : (
        <>
          <div className={styles.tabHeader}>
            <p className={styles.hint}>{t.lead}</p>
            {add}
          </div>
          {roles.map((role) => (
            <OneRole
              key={role.name}
              project={project}
              role={role}
              mayEdit={mayEdit}
              onOpen={(what) => setOpen({ what, role })}
            />
          ))}
        </>
      )}
      {open?.what === 'add' && <RoleEditor project={project} onClose={close} />}
      {open?.what === 'edit' && <RoleEditor project={project} role={open.role} onClose={close} />}
      {open?.what === 'remove' && (
        <Confirm
          title={t.removeOf(open.role.name)}
          action={t.removeOf(open.role.name)}
          run={() => writer.save(project, without(open.role))}
          onClose={close}
        >
          {t.removeText}
        </Confirm>
      )}
      {open?.what === 'token' && (
        <TokenPanel
          owner={t.owner(project.metadata.name, open.role.name)}
          create={(wish) => createToken(open.role, wish)}
          onClose={close}
        />
      )}
    </>
  )
}

interface OneRoleProps {
  project: Project
  role: Role
  mayEdit: boolean
  onOpen(what: 'edit' | 'remove' | 'token'): void
}

function OneRole({ project, role, mayEdit, onOpen }: OneRoleProps) {
  const t = useRoleTexts()
  const language = useLanguage()
  const writer = useProjectWriter()
  const { name, description, policies = [], groups = [], jwtTokens = [] } = role
  const named = { project: project.metadata.name, role: name }

  async function revoke({ id, issuedAt = 0 }: { id: string; issuedAt?: number | undefined }): Promise<void> {
    const params = { ...named, iat: String(issuedAt) }
    await api.call(routes.projects.deleteToken, { params, query: { id } })
    await writer.refresh()
  }

  return (
    <Section
      title={name}
      lead={description}
      actions={
        mayEdit && (
          <>
            <Button kind="quiet" icon={<Plus />} onClick={() => onOpen('token')}>
              {t.newToken}
            </Button>
            <IconButton label={t.editOf(name)} onClick={() => onOpen('edit')}>
              <Pencil />
            </IconButton>
            <IconButton label={t.removeOf(name)} onClick={() => onOpen('remove')}>
              <Trash2 />
            </IconButton>
          </>
        )
      }
    >
      <div className={styles.ruled}>
        {policies.length === 0 && t.nothing}
        <ul className={styles.sentences}>
          {policies.map((line) => {
            const policy = readPolicy(line, named)
            return (
              <li key={line}>
                {policy ? sentence(policy, language) : `${t.noEffect} `}
                {!policy && <code>{line}</code>}
              </li>
            )
          })}
        </ul>
        {policies.length > 0 && (
          <details className={styles.more}>
            <summary>{t.asLines}</summary>
            <pre className={styles.lines}>{policies.join('\n')}</pre>
          </details>
        )}
        <p>
          {t.groups}: <Chips values={groups} />
        </p>
        {jwtTokens.length > 0 && (
          <TokenList
            owner={t.owner(named.project, name)}
            tokens={jwtTokens.map(({ id = '', iat, exp }) => ({ id, issuedAt: iat, expiresAt: exp }))}
            {...(mayEdit && { revoke })}
          />
        )}
      </div>
    </Section>
  )
}
