/** A shell in a container of a Pod. */
import { lazy, Suspense, useState } from 'react'
import type { ResourceNode } from '../../../lib/api.ts'
import { texts } from '../../../lib/language.ts'
import { useSearchState } from '../../../lib/search-state.ts'
import { Button } from '../../../ui/button.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Select } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { podsOf } from '../chain.ts'
import { containersOf } from '../logs/containers.ts'
import { useLiveObject } from '../queries/live-object.ts'
import { addressOf } from '../queries/object-address.ts'
import type { TabProps } from '../resource-panel.tsx'
import styles from './terminal.module.css'
import { type TerminalEnd, terminalAddress } from './terminal-connection.ts'

const TerminalView = lazy(() => import('./terminal-view.tsx'))

const useTexts = texts({
  en: {
    pod: 'Pod',
    container: 'Container',
    shell: 'Shell',
    anyShell: 'First that there is',
    label: (container: string) => `Terminal in container ${container}`,
    open: 'Open a terminal',
    lead: 'It runs in the container itself. What you do there is not in Git, and is noted as an event.',
    connecting: 'Connecting…',
    live: 'Connected',
    ended: 'The shell has ended',
    refused: 'The server has refused the terminal',
    refusedText: 'The container may not be running, the right to it may be gone, or a proxy lets no WebSocket pass.',
    again: 'Connect again',
    notRunning: (container: string) => `Container ${container} is not running`,
    notRunningText: 'A terminal opens in a container that runs. Choose another one, or wait.',
    noPods: 'There are no Pods',
    noPodsText: 'A terminal opens in a container that runs.',
  },
  fr: {
    pod: 'Pod',
    container: 'Conteneur',
    shell: 'Shell',
    anyShell: 'Le premier présent',
    label: (container: string) => `Terminal dans le conteneur ${container}`,
    open: 'Ouvrir un terminal',
    lead: 'Il tourne dans le conteneur même. Ce que vous y faites n’est pas dans Git, et est noté comme événement.',
    connecting: 'Connexion…',
    live: 'Connecté',
    ended: 'Le shell est terminé',
    refused: 'Le serveur a refusé le terminal',
    refusedText:
      'Le conteneur ne tourne peut-être pas, le droit a peut-être été retiré, ou un proxy ne laisse pas passer de WebSocket.',
    again: 'Se reconnecter',
    notRunning: (container: string) => `Le conteneur ${container} ne tourne pas`,
    notRunningText: 'Un terminal s’ouvre dans un conteneur qui tourne. Choisissez-en un autre, ou attendez.',
    noPods: 'Il n’y a pas de Pod',
    noPodsText: 'Un terminal s’ouvre dans un conteneur qui tourne.',
  },
})

/** As the server knows them unless the installation says otherwise. */
const shells = ['bash', 'sh', 'powershell', 'cmd']

type TerminalTabProps = Omit<TabProps, 'node'> & { node: ResourceNode }

export default function TerminalTab(props: TerminalTabProps) {
  const t = useTexts()
  const pods = podsOf(props.nodes, props.node)
  const [first] = pods
  if (!first) return <Empty title={t.noPods}>{t.noPodsText}</Empty>
  return <PodTerminal {...props} pods={pods} first={first} />
}

function PodTerminal({
  application,
  node,
  pods,
  first,
}: TerminalTabProps & { pods: ResourceNode[]; first: ResourceNode }) {
  const t = useTexts()
  const search = useSearchState()
  const [shell, setShell] = useState('')
  /** How often one has been asked for; none opens by itself. */
  const [round, setRound] = useState(0)
  const [state, setState] = useState<'connecting' | 'live' | TerminalEnd>('connecting')
  const pod = pods.find(({ name }) => name === search.get('pod')) ?? first
  const { object } = useLiveObject(application, addressOf(pod), pod)
  const containers = containersOf(object).filter(({ sort }) => sort !== 'ephemeral')
  const container = containers.find(({ name }) => name === search.get('container')) ?? containers[0]
  const close = () => setRound(0)
  const open = () => {
    setState('connecting')
    setRound((before) => before + 1)
  }
  if (!container) return <Skeleton rows={4} />
  const place = {
    namespace: pod.namespace ?? '',
    pod: pod.name ?? '',
    container: container.name,
    shell: shell || undefined,
  }
  const address = terminalAddress(application, place)
  return (
    <div className={styles.terminal}>
      <div className={styles.tools}>
        {node.kind !== 'Pod' && (
          <Choice
            label={t.pod}
            value={pod.name ?? ''}
            options={pods.map(({ name = '' }) => [name, name])}
            onChange={(name) => {
              close()
              search.set({ pod: name })
            }}
          />
        )}
        {containers.length > 1 && (
          <Choice
            label={t.container}
            value={container.name}
            options={containers.map(({ name }) => [name, name])}
            onChange={(name) => {
              close()
              search.set({ container: name })
            }}
          />
        )}
        <Choice
          label={t.shell}
          value={shell}
          options={[['', t.anyShell], ...shells.map((one): [string, string] => [one, one])]}
          onChange={(name) => {
            close()
            setShell(name)
          }}
        />
        <span className={styles.state} role="status">
          {round > 0 && (state === 'connecting' ? t.connecting : state === 'live' ? t.live : '')}
        </span>
      </div>
      {!container.isRunning ? (
        <Empty title={t.notRunning(container.name)}>{t.notRunningText}</Empty>
      ) : round === 0 ? (
        <Empty
          title={t.open}
          actions={
            <Button kind="primary" onClick={open}>
              {t.open}
            </Button>
          }
        >
          {t.lead}
        </Empty>
      ) : (
        <>
          {typeof state === 'object' && (
            <Notice
              tone={state.reason ? 'bad' : 'info'}
              title={state.isRefused ? t.refused : t.ended}
              actions={<Button onClick={open}>{t.again}</Button>}
            >
              {state.isRefused ? t.refusedText : state.reason}
            </Notice>
          )}
          <Suspense fallback={<Skeleton rows={8} />}>
            <TerminalView
              key={round}
              label={t.label(container.name)}
              address={address}
              onOpen={() => setState('live')}
              onEnd={setState}
            />
          </Suspense>
        </>
      )}
    </div>
  )
}

function Choice({
  label,
  value,
  options,
  onChange,
}: {
  label: string
  value: string
  options: [string, string][]
  onChange(value: string): void
}) {
  return (
    <Select
      className={styles.choice}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {options.map(([id, text]) => (
        <option key={id} value={id}>
          {text}
        </option>
      ))}
    </Select>
  )
}
