/** About the user: who they are to Tiphys, and what they may do. */
import { useQuery } from '@tanstack/react-query'
import { Check, Minus } from 'lucide-react'
import type { ComponentType } from 'react'
import { Link } from 'wouter'
import { api, routes } from '../../lib/api.ts'
import { texts } from '../../lib/language.ts'
import { paths, withSearch } from '../../lib/paths.ts'
import { useRights } from '../../lib/rights.ts'
import { useSearchState } from '../../lib/search-state.ts'
import { useSession } from '../../lib/session.tsx'
import { Select } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { rightColumns, rightName, rightQuestions, rightsRows } from './rights-matrix.ts'
import styles from './user.module.css'

const useTexts = texts({
  en: {
    title: 'About you',
    anonymous: 'You are not signed in: you may do what anybody may.',
    name: 'Name',
    issuer: 'Signed in by',
    local: 'A local account of Tiphys',
    groups: 'Groups',
    groupsHint: 'As your identity provider names them: policies give roles to them.',
    noGroups: 'None',
    rights: 'What you may do',
    rightsLead: 'In all projects at once; choose one to see what you may do there. A click asks the policies why.',
    project: 'Project',
    all: 'In all projects',
    resource: 'With',
    actions: {
      get: 'See',
      create: 'Create',
      update: 'Change',
      delete: 'Delete',
      sync: 'Sync',
      rollback: 'Roll back',
      override: 'Override',
    } as Record<string, string>,
    resources: {
      applications: 'Applications',
      applicationsets: 'Application sets',
      logs: 'Logs',
      exec: 'Terminals',
      projects: 'Projects',
      repositories: 'Repositories',
      clusters: 'Clusters',
      certificates: 'Certificates',
      gpgkeys: 'GnuPG keys',
      accounts: 'Accounts',
    } as Record<string, string>,
    yes: 'yes',
    no: 'no',
    account: 'Your account',
  },
  fr: {
    title: 'À votre sujet',
    anonymous: 'Vous n’êtes pas connecté : vous pouvez ce que tout le monde peut.',
    name: 'Nom',
    issuer: 'Connecté par',
    local: 'Un compte local de Tiphys',
    groups: 'Groupes',
    groupsHint: 'Comme le fournisseur d’identité les nomme : les règles leur donnent des rôles.',
    noGroups: 'Aucun',
    rights: 'Ce que vous pouvez faire',
    rightsLead:
      'Dans tous les projets à la fois ; choisissez-en un pour voir ce que vous y pouvez. Un clic demande pourquoi aux règles.',
    project: 'Projet',
    all: 'Dans tous les projets',
    resource: 'Avec',
    actions: {
      get: 'Voir',
      create: 'Créer',
      update: 'Modifier',
      delete: 'Supprimer',
      sync: 'Synchroniser',
      rollback: 'Revenir en arrière',
      override: 'Remplacer',
    } as Record<string, string>,
    resources: {
      applications: 'Applications',
      applicationsets: 'Lots d’applications',
      logs: 'Journaux',
      exec: 'Terminaux',
      projects: 'Projets',
      repositories: 'Dépôts',
      clusters: 'Clusters',
      certificates: 'Certificats',
      gpgkeys: 'Clés GnuPG',
      accounts: 'Comptes',
    } as Record<string, string>,
    yes: 'oui',
    no: 'non',
    account: 'Votre compte',
  },
})

export interface UserPageProps {
  /** Shows the tokens and the password of a local account. */
  account: ComponentType<{ name: string }>
}

export default function UserPage({ account: Account }: UserPageProps) {
  const t = useTexts()
  const { user } = useSession()
  const isLocal = user.iss === 'argocd'
  const isProjectRole = user.username?.startsWith('proj:')
  return (
    <Page title={t.title}>
      {user.loggedIn ? (
        <dl className={styles.facts}>
          <div>
            <dt>{t.name}</dt>
            <dd>{user.username}</dd>
          </div>
          <div>
            <dt>{t.issuer}</dt>
            <dd>{isLocal ? t.local : user.iss}</dd>
          </div>
          {!isLocal && (
            <div>
              <dt>{t.groups}</dt>
              <dd>
                {user.groups?.length ? user.groups.join(', ') : t.noGroups}
                <p className={styles.hint}>{t.groupsHint}</p>
              </dd>
            </div>
          )}
        </dl>
      ) : (
        <Notice>{t.anonymous}</Notice>
      )}
      <Rights />
      {isLocal && user.username && !isProjectRole && (
        <section className={styles.section}>
          <h2 className={styles.sectionTitle}>{t.account}</h2>
          <Account name={user.username} />
        </section>
      )}
    </Page>
  )
}

function Rights() {
  const t = useTexts()
  const search = useSearchState()
  const project = search.get('project') ?? '*'
  const rights = useRights(rightQuestions(project))
  const projects = useQuery({
    queryKey: ['projects', 'names'],
    queryFn: async ({ signal }) =>
      (await api.call(routes.projects.list, { signal })).items.map(({ metadata }) => metadata.name),
  })
  const rows = rightsRows(project)
  const columns = rightColumns.filter((action) => rows.some(({ actions }) => actions.includes(action)))
  return (
    <section className={styles.section}>
      <header className={styles.header}>
        <div>
          <h2 className={styles.sectionTitle}>{t.rights}</h2>
          <p className={styles.hint}>{t.rightsLead}</p>
        </div>
        <Select
          className={styles.select}
          aria-label={t.project}
          value={project}
          onChange={(event) => search.set({ project: event.target.value === '*' ? undefined : event.target.value })}
        >
          <option value="*">{t.all}</option>
          {(projects.data ?? []).map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways has to be reached by keys */}
      <section className={styles.scroller} aria-label={t.rights} tabIndex={0}>
        <table className={styles.rights}>
          <thead>
            <tr>
              <th scope="col">{t.resource}</th>
              {columns.map((action) => (
                <th key={action} scope="col">
                  {t.actions[action]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ resource, actions }) => (
              <tr key={resource}>
                <th scope="row">{t.resources[resource]}</th>
                {columns.map((action) => (
                  <td key={action}>
                    {actions.includes(action) && (
                      <Right
                        may={rights[rightName(resource, action)]}
                        what={`${t.actions[action]}, ${t.resources[resource]}`}
                        question={{
                          resource,
                          action,
                          object: rightQuestions(project)[rightName(resource, action)]?.object,
                        }}
                      />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  )
}

interface RightProps {
  may: boolean | undefined
  what: string
  question: Record<string, string | undefined>
}

/** Leads to the line of the policies that says so. */
function Right({ may, what, question }: RightProps) {
  const t = useTexts()
  if (may === undefined) return <span className={styles.right} />
  return (
    <Link
      className={may ? styles.right : styles.refused}
      href={withSearch(paths.settingsPage('access'), { ...question, ask: 'yes' })}
      aria-label={`${what}: ${may ? t.yes : t.no}`}
    >
      {may ? <Check aria-hidden="true" /> : <Minus aria-hidden="true" />}
    </Link>
  )
}
