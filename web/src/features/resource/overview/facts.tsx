/** What an object is: its kind and place, its owner, its images, and how the application holds it. */
import type { ReactNode } from 'react'
import type { Application, ResourceNode } from '../../../lib/api.ts'
import { texts } from '../../../lib/language.ts'
import { Time } from '../../../ui/time.tsx'
import type { LiveObject } from '../queries/live-object.ts'
import type { ObjectAddress } from '../queries/object-address.ts'
import type { DeclaredState } from '../resource-panel.tsx'
import { useResourceLink } from '../use-resource-link.ts'
import styles from './overview.module.css'

const useTexts = texts({
  en: {
    kind: 'Kind',
    namespace: 'Namespace',
    created: 'Created',
    owner: 'Owner',
    images: 'Images',
    wave: 'Sync wave',
    hook: 'Hook',
    tracking: 'Tracked by',
    addresses: 'Addresses',
    finalizers: 'Finalizers',
    version: 'Version',
    infos: {
      'Status Reason': 'State',
      Node: 'Node',
      Containers: 'Containers ready',
      Revision: 'Revision',
      'Restart Count': 'Restarts',
    } as Record<string, string>,
  },
  fr: {
    kind: 'Type',
    namespace: 'Espace de noms',
    created: 'Créé',
    owner: 'Propriétaire',
    images: 'Images',
    wave: 'Vague',
    hook: 'Hook',
    tracking: 'Suivi par',
    addresses: 'Adresses',
    finalizers: 'Finaliseurs',
    version: 'Version',
    infos: {
      'Status Reason': 'État',
      Node: 'Nœud',
      Containers: 'Conteneurs prêts',
      Revision: 'Révision',
      'Restart Count': 'Redémarrages',
    } as Record<string, string>,
  },
})

interface FactsProps {
  application: Application
  address: ObjectAddress
  node: ResourceNode | undefined
  object: LiveObject | undefined
  declared: DeclaredState | undefined
}

const wave = 'argocd.argoproj.io/sync-wave'
const hook = 'argocd.argoproj.io/hook'
const trackingId = 'argocd.argoproj.io/tracking-id'
const instanceLabel = 'app.kubernetes.io/instance'

export function Facts({ address, node, object, declared }: FactsProps) {
  const t = useTexts()
  const { annotations = {}, labels = {}, finalizers = [], resourceVersion } = Object(object?.metadata)
  const infos = (node?.info ?? []).filter(({ name }) => Object.hasOwn(t.infos, name))
  const facts: [string, ReactNode][] = [
    [t.kind, <Mono key="kind">{[address.group, node?.version, address.kind].filter(Boolean).join('/')}</Mono>],
    [t.namespace, address.namespace && <Mono>{address.namespace}</Mono>],
    [t.created, node?.createdAt && <Time at={node.createdAt} />],
    [t.owner, node?.parentRefs && <Owners refs={node.parentRefs} />],
    ...infos.map(({ name, value }): [string, ReactNode] => [t.infos[name] ?? name, value]),
    [t.images, node?.images && node.images.length > 0 && node.images.map((image) => <Mono key={image}>{image}</Mono>)],
    [t.addresses, node?.networkingInfo?.ingress?.map(({ ip, hostname }) => ip || hostname).join(', ')],
    [t.wave, annotations[wave] ?? (declared?.syncWave ? String(declared.syncWave) : undefined)],
    [t.hook, annotations[hook]],
    [t.tracking, tracking(annotations[trackingId], labels[instanceLabel])],
    [t.finalizers, finalizers.length > 0 && <Mono>{finalizers.join(', ')}</Mono>],
    [t.version, resourceVersion && <Mono>{resourceVersion}</Mono>],
  ]
  return (
    <dl className={styles.facts}>
      {facts.map(
        ([name, value]) =>
          value && (
            <div key={name} className={styles.fact}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}

function tracking(id: string | undefined, label: string | undefined): ReactNode {
  return (id ?? label) && <Mono>{id ?? label}</Mono>
}

function Mono({ children }: { children: ReactNode }) {
  return <span className={styles.mono}>{children}</span>
}

function Owners({ refs }: { refs: NonNullable<ResourceNode['parentRefs']> }) {
  const linkTo = useResourceLink()
  return refs.map((ref) => {
    const { href, open } = linkTo(ref)
    return (
      <a
        key={`${ref.kind}/${ref.name}`}
        className={styles.mono}
        href={href}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return
          event.preventDefault()
          open()
        }}
      >
        {ref.kind}/{ref.name}
      </a>
    )
  })
}
