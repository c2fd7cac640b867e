/** What was deployed and when, what each deployment changed, and the way back. */
import { PinOff } from 'lucide-react'
import { useState } from 'react'
import type { Application } from '../../lib/api.ts'
import { useOperation } from '../../lib/follow-operation.ts'
import { isUnderWay } from '../../lib/operation.ts'
import { useRights } from '../../lib/rights.ts'
import { useSearchState } from '../../lib/search-state.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Time } from '../../ui/time.tsx'
import type { Side } from './ask-manifests.ts'
import { unpin } from './commands.ts'
import { Comparison } from './comparison.tsx'
import { DeploymentRow } from './deployment-row.tsx'
import { type Deployment, deploymentsOf, type Pin, pinOf } from './deployments.ts'
import styles from './history.module.css'
import { RevertHelp } from './revert-help.tsx'
import { RollBackPanel } from './roll-back-panel.tsx'
import { useTexts } from './texts.ts'

export default function History({ application: given }: { application: Application }) {
  const t = useTexts()
  const { application, told } = useOperation(given)
  const { metadata, spec } = application
  const object = [spec.project || 'default', metadata.namespace, metadata.name].filter(Boolean).join('/')
  const rights = useRights({
    rollback: { resource: 'applications', action: 'rollback', object },
    prune: { resource: 'applications', action: 'sync/prune', object },
  })
  const search = useSearchState()
  const [open, setOpen] = useState<{ what: 'roll back' | 'revert'; deployment: Deployment } | 'unpin'>()
  const deployments = deploymentsOf(application)
  const pin = pinOf(application)
  if (deployments.length === 0) return <Empty title={t.none}>{t.noneText}</Empty>

  const to = sideOf(search.get('to'), deployments) ?? deployments[0]?.entry.id
  const from = sideOf(search.get('from'), deployments) ?? deployments.find(({ entry }) => entry.id === to)?.previous
  const compare = (sides: { from?: Side | undefined; to?: Side | undefined }) =>
    search.set({ from: sides.from?.toString(), to: sides.to?.toString() }, { replace: true })
  const close = () => setOpen(undefined)
  const last = deployments.find(({ isLast }) => isLast)
  return (
    <div className={styles.history}>
      {pin && <Pinned pin={pin} onUnpin={rights.rollback ? () => setOpen('unpin') : undefined} />}
      <div className={styles.columns}>
        <ol className={styles.list} aria-label={t.list}>
          {deployments.map((deployment) => (
            <DeploymentRow
              key={deployment.entry.id}
              application={application}
              deployment={deployment}
              isShown={deployment.entry.id === to}
              onCompare={() => compare({ from: deployment.previous, to: deployment.entry.id })}
              onCompareLive={() => compare({ from: deployment.entry.id, to: 'live' })}
              onRevert={() => setOpen({ what: 'revert', deployment })}
              onRollBack={
                rights.rollback && !deployment.isLast && !isUnderWay(application)
                  ? () => setOpen({ what: 'roll back', deployment })
                  : undefined
              }
            />
          ))}
        </ol>
        <Comparison application={application} deployments={deployments} from={from} to={to} onChoose={compare} />
      </div>
      {open === 'unpin' && (
        <Confirm
          title={t.unpinTitle}
          action={t.unpin}
          danger={false}
          run={async () => told(await unpin(application))}
          onClose={close}
        >
          <p>{isAutomated(application) ? t.unpinAutomated : t.unpinManual}</p>
        </Confirm>
      )}
      {typeof open === 'object' && open.what === 'roll back' && (
        <RollBackPanel
          application={application}
          deployment={open.deployment}
          mayPrune={rights.prune === true}
          onBegun={told}
          onClose={close}
        />
      )}
      {typeof open === 'object' && open.what === 'revert' && (
        <RevertHelp application={application} target={open.deployment} last={last} onClose={close} />
      )}
    </div>
  )
}

function isAutomated({ spec }: Application): boolean {
  const automated = spec.syncPolicy?.automated
  return automated !== undefined && automated !== null && automated.enabled !== false
}

/** What an address names that is no longer there is as if it named nothing. */
function sideOf(text: string | undefined, deployments: Deployment[]): Side | undefined {
  if (text === 'live') return 'live'
  return deployments.find(({ entry }) => String(entry.id) === text)?.entry.id
}

function Pinned({ pin: { id, by, at }, onUnpin }: { pin: Pin; onUnpin: (() => void) | undefined }) {
  const t = useTexts()
  return (
    <Notice
      tone="drift"
      title={
        <>
          {t.pinText(id)} {by && t.by(by)} <Time at={at} />
        </>
      }
      actions={
        onUnpin && (
          <Button icon={<PinOff />} onClick={onUnpin}>
            {t.unpin}
          </Button>
        )
      }
    >
      {t.pinMeaning}
    </Notice>
  )
}
