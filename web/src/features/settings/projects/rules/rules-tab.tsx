/** What a project permits, in words; each part can be edited where the user may. */
import { Pencil } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { IconButton } from '../../../../ui/button.tsx'
import { Notice } from '../../../../ui/notice.tsx'
import { Chips } from '../../parts/chips.tsx'
import { linesOfPairs } from '../../parts/pairs.ts'
import styles from '../../parts/parts.module.css'
import type { DetailedProject } from '../ask-projects.ts'
import { destinationText, kindText, type Permits, permits } from '../permits.ts'
import { useProjectTexts } from '../texts.ts'
import { type Part, RuleEditor } from './rule-editor.tsx'

export interface ProjectTabProps {
  detailed: DetailedProject
  mayEdit: boolean
}

export function RulesTab({ detailed: { project, globalProjects }, mayEdit }: ProjectTabProps) {
  const t = useProjectTexts()
  const [edited, setEdited] = useState<Part>()
  const { spec } = project
  const all = permits(
    spec,
    globalProjects.map((one) => one.spec),
  )
  const parts: [part: Part, content: ReactNode][] = [
    [
      'sources',
      <div key="sources">
        <Extent of={all.sources} words={t.extents.sources} />
        {spec.sourceNamespaces && spec.sourceNamespaces.length > 0 && (
          <p>
            {t.namespaces} <Chips values={spec.sourceNamespaces} />
          </p>
        )}
      </div>,
    ],
    [
      'destinations',
      <div key="destinations">
        <Extent of={all.destinations} words={t.extents.destinations} />
        {spec.permitOnlyProjectScopedClusters && <p>{t.scopedOnly}</p>}
      </div>,
    ],
    [
      'kinds',
      <div key="kinds">
        <Extent of={all.clusterKinds} words={t.extents.clusterKinds} what={t.clusterKinds} />
        <Extent of={all.namespacedKinds} words={t.extents.namespacedKinds} what={t.namespacedKinds} />
      </div>,
    ],
    ['accounts', <ServiceAccounts key="accounts" accounts={spec.destinationServiceAccounts} />],
    [
      'orphaned',
      <div key="orphaned">
        {spec.orphanedResources ? t.orphanedIs(spec.orphanedResources.warn !== false) : t.orphanedOff}
        {spec.orphanedResources?.ignore?.length ? (
          <>
            , {t.but} <Chips values={spec.orphanedResources.ignore.map(kindText)} />
          </>
        ) : null}
      </div>,
    ],
    [
      'signatures',
      <div key="signatures">
        {spec.signatureKeys?.length ? <Chips values={spec.signatureKeys.map(({ keyID }) => keyID)} /> : t.unsigned}
        {spec.sourceIntegrity?.git?.policies?.length ? (
          <p>{t.integrity(spec.sourceIntegrity.git.policies.length)}</p>
        ) : null}
      </div>,
    ],
    [
      'general',
      <div key="general">
        <p>{spec.description || '—'}</p>
        <Named name={t.labels} values={linesOfPairs(project.metadata.labels)} />
        <Named name={t.annotations} values={linesOfPairs(project.metadata.annotations)} />
      </div>,
    ],
  ]
  return (
    <>
      {globalProjects.length > 0 && (
        <Notice>{t.globals(globalProjects.map(({ metadata }) => metadata.name).join(', '))}</Notice>
      )}
      {parts.map(([part, content]) => {
        const [title, lead] = t.parts[part] ?? [part, '']
        return (
          <div key={part} className={styles.rule}>
            <div>
              <h2 className={styles.ruleName}>{title}</h2>
              {lead && <p className={styles.hint}>{lead}</p>}
            </div>
            <div className={styles.ruleContent}>{content}</div>
            {mayEdit && (
              <IconButton label={t.editOf(title)} onClick={() => setEdited(part)}>
                <Pencil />
              </IconButton>
            )}
          </div>
        )
      })}
      {edited && <RuleEditor part={edited} project={project} onClose={() => setEdited(undefined)} />}
    </>
  )
}

function Named({ name, values }: { name: string; values: string[] }) {
  if (values.length === 0) return null
  return (
    <div className={styles.extent}>
      {name} <Chips values={values} />
    </div>
  )
}

interface ExtentProps {
  of: Permits['sources']
  words: { all: string; none: string }
  what?: string
}

/** Such as `Any repository, but not …`. */
function Extent({ of: { extent, allowed, denied }, words, what }: ExtentProps) {
  const t = useProjectTexts()
  return (
    <div className={styles.extent}>
      {extent === 'some' ? (
        <>
          {what && `${what}: ${t.only} `}
          <Chips values={allowed} />
        </>
      ) : (
        words[extent]
      )}
      {denied.length > 0 && (
        <>
          , {t.but} <Chips values={denied} />
        </>
      )}
    </div>
  )
}

function ServiceAccounts({
  accounts = [],
}: {
  accounts?: { server?: string; namespace?: string; defaultServiceAccount?: string }[] | undefined
}) {
  if (accounts.length === 0) return '—'
  return (
    <Chips
      values={accounts.map(
        ({ defaultServiceAccount, ...where }) => `${destinationText(where)} → ${defaultServiceAccount}`,
      )}
    />
  )
}
