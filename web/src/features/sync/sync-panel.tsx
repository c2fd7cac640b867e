/** The sync panel: a plan of what would be done, which becomes the progress of its being done. */
import { useEffect, useState } from 'react'
import type { Application, PlannedStep } from '../../lib/api.ts'
import { useOperation } from '../../lib/follow-operation.ts'
import { isUnderWay } from '../../lib/operation.ts'
import { type RightQuestion, useRights } from '../../lib/rights.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { OperationProgress } from '../../ui/operation-progress.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { PlanPart } from './plan-part.tsx'
import { useTexts } from './texts.ts'

export interface SyncPanelProps {
  application: Application
  onClose(): void
}

export default function SyncPanel({ application: given, onClose }: SyncPanelProps) {
  const t = useTexts()
  const { application, told } = useOperation(given)
  const rights = useRights(questions(application))
  const underWay = isUnderWay(application)
  const [isWatching, setWatching] = useState(underWay)
  const [begun, setBegun] = useState<PlannedStep[]>()
  // Whoever began it: what is under way is shown to its end.
  useEffect(() => {
    if (underWay) setWatching(true)
  }, [underWay])
  const { name } = application.metadata
  const title = t.title(name)
  const planAgain = () => {
    setBegun(undefined)
    setWatching(false)
  }

  if (rights.sync === false) {
    return (
      <Dialog shape="panel" modal={false} title={title} onClose={onClose}>
        <Notice title={t.notAllowed}>{t.askSomebody}</Notice>
      </Dialog>
    )
  }
  // Nothing is offered until it is known to be permitted.
  if (rights.sync === undefined && !underWay && !isWatching) {
    return (
      <Dialog shape="panel" modal={false} title={title} onClose={onClose}>
        <Skeleton />
      </Dialog>
    )
  }
  if (underWay || isWatching) {
    return (
      <OperationProgress
        title={title}
        application={application}
        begun={begun}
        next={{ label: t.plan, run: planAgain }}
        onClose={onClose}
      />
    )
  }
  return (
    <PlanPart
      title={title}
      application={application}
      rights={rights}
      onBegun={(answer, steps) => {
        setBegun(steps)
        setWatching(true)
        told(answer)
      }}
      onClose={onClose}
    />
  )
}

export type SyncRight = 'sync' | 'prune' | 'force' | 'replace'

function questions({ metadata, spec }: Application): Record<SyncRight, RightQuestion> {
  const object = [spec.project || 'default', metadata.namespace, metadata.name].filter(Boolean).join('/')
  const ask = (action: string) => ({ resource: 'applications', action, object })
  return { sync: ask('sync'), prune: ask('sync/prune'), force: ask('sync/force'), replace: ask('sync/replace') }
}
