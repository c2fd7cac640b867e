/** How an object is, and why: the chain that explains it, its conditions, and what it is. */
import { ExternalLink } from 'lucide-react'
import { texts } from '../../../lib/language.ts'
import { Notice } from '../../../ui/notice.tsx'
import { Status } from '../../../ui/status.tsx'
import { Time } from '../../../ui/time.tsx'
import { type LiveObject, useLiveObject } from '../queries/live-object.ts'
import { useObjectLinks } from '../queries/object-actions.ts'
import type { DeclaredState, TabProps } from '../resource-panel.tsx'
import { Chain } from './chain-list.tsx'
import { Conditions } from './conditions.tsx'
import { Facts } from './facts.tsx'
import { Names } from './names.tsx'
import styles from './overview.module.css'
import { Section } from './section.tsx'

const useTexts = texts({
  en: {
    missing: 'It is declared in Git and not in the cluster. A sync will create it.',
    pruned: 'It is in the cluster and no longer declared. A sync with prune will delete it.',
    orphaned: 'It is in the namespace of the application, and no application declares it.',
    deleted: 'It is being deleted, since',
    waits: (finalizers: string) => `It waits for ${finalizers}.`,
    chain: 'Where it stands',
    conditions: 'Conditions',
    facts: 'About it',
    labels: 'Labels',
    annotations: 'Annotations',
    links: 'Links',
  },
  fr: {
    missing: 'Il est déclaré dans Git et absent du cluster. Une synchronisation le créera.',
    pruned: 'Il est dans le cluster et n’est plus déclaré. Une synchronisation avec élagage le supprimera.',
    orphaned: 'Il est dans l’espace de noms de l’application, et aucune application ne le déclare.',
    deleted: 'Il est en cours de suppression, depuis',
    waits: (finalizers: string) => `Il attend ${finalizers}.`,
    chain: 'Sa place',
    conditions: 'Conditions',
    facts: 'À son sujet',
    labels: 'Étiquettes',
    annotations: 'Annotations',
    links: 'Liens',
  },
})

export default function Overview({
  application,
  address,
  node,
  nodes,
  declared,
  isOrphaned,
}: TabProps & { declared: DeclaredState | undefined; isOrphaned: boolean }) {
  const t = useTexts()
  const { object } = useLiveObject(application, address, node)
  const health = node?.health ?? declared?.health
  const deletedAt = object?.metadata?.deletionTimestamp
  return (
    <div className={styles.overview}>
      <div className={styles.states}>
        {health?.status && <Status status={health.status} />}
        {declared?.status && <Status status={declared.status} />}
        {!node && health?.message && <span className={styles.message}>{health.message}</span>}
      </div>
      {!node?.uid && <Notice tone="drift">{t.missing}</Notice>}
      {node?.uid && declared?.requiresPruning && <Notice tone="drift">{t.pruned}</Notice>}
      {isOrphaned && <Notice tone="info">{t.orphaned}</Notice>}
      {deletedAt && (
        <Notice tone="info">
          {t.deleted} <Time at={deletedAt} />.{' '}
          {object?.metadata?.finalizers && t.waits(object.metadata.finalizers.join(', '))}
        </Notice>
      )}
      {node && (
        <Section title={t.chain}>
          <Chain nodes={nodes} node={node} />
        </Section>
      )}
      <Conditions title={t.conditions} object={object} />
      <Section title={t.facts}>
        <Facts application={application} address={address} node={node} object={object} declared={declared} />
      </Section>
      <ObjectLinks {...{ application, node }} title={t.links} />
      <MapOf title={t.labels} values={object?.metadata?.labels} />
      <MapOf title={t.annotations} values={annotationsOf(object)} />
    </div>
  )
}

function MapOf({ title, values }: { title: string; values: Record<string, string> | undefined }) {
  if (!values || Object.keys(values).length === 0) return null
  return (
    <Section title={title}>
      <Names values={values} />
    </Section>
  )
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

/** The whole object once more is no news. */
function annotationsOf(object: LiveObject | undefined): Record<string, string> | undefined {
  const { [lastApplied]: _, ...others } = object?.metadata?.annotations ?? {}
  return others
}

function ObjectLinks({ application, node, title }: Pick<TabProps, 'application' | 'node'> & { title: string }) {
  return node ? <LinksOf application={application} node={node} title={title} /> : null
}

function LinksOf({
  application,
  node,
  title,
}: { title: string } & Pick<TabProps, 'application'> & { node: NonNullable<TabProps['node']> }) {
  const links = [
    ...useObjectLinks(application, node),
    ...(node.networkingInfo?.externalURLs ?? []).map((url) => ({ title: url, url, description: undefined })),
  ]
  if (links.length === 0) return null
  return (
    <Section title={title}>
      <ul className={styles.links}>
        {links.map((link) => (
          <li key={link.url}>
            <a href={link.url} target="_blank" rel="noreferrer" title={link.description}>
              {link.title} <ExternalLink aria-hidden="true" />
            </a>
          </li>
        ))}
      </ul>
    </Section>
  )
}
