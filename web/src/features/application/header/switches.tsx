/** The switches that matter: whether the application is synced by itself, what it is pinned to, and which window is open. */
import { CalendarClock, Pin as PinIcon } from 'lucide-react'
import { useState } from 'react'
import type { Application } from '../../../lib/api.ts'
import { Button } from '../../../ui/button.tsx'
import { Confirm } from '../../../ui/confirm.tsx'
import { Checkbox, Switch } from '../../../ui/field.tsx'
import { Popover } from '../../../ui/popover.tsx'
import { Time } from '../../../ui/time.tsx'
import { useTell } from '../../../ui/toasts.tsx'
import { setAutomation, unpin } from '../data/commands.ts'
import { deployedRevisions, isAutomated, pendingChanges, pinOf, shortRevision } from '../data/facts.ts'
import type { ApplicationRights } from '../data/rights.ts'
import type { SyncWindows } from '../data/sync-windows.ts'
import { useSwitchTexts } from './switch-texts.ts'
import styles from './switches.module.css'

export interface SwitchesProps {
  application: Application
  rights: ApplicationRights
  windows: SyncWindows | undefined
}

export function Switches({ application, rights, windows }: SwitchesProps) {
  return (
    <div className={styles.switches}>
      <AutoSync application={application} may={rights.switchAutomation === true} />
      <Pinned application={application} may={rights.rollback === true} />
      {windows && <Windows windows={windows} />}
    </div>
  )
}

function AutoSync({ application, may }: { application: Application; may: boolean }) {
  const t = useSwitchTexts()
  const tell = useTell()
  const [isAsking, setAsking] = useState(false)
  const { prune = false, selfHeal = false } = application.spec.syncPolicy?.automated ?? {}
  const isOn = isAutomated(application)
  const [wanted, setWanted] = useState({ prune, selfHeal })
  const { changes, prunes } = pendingChanges(application)

  async function turnOff() {
    try {
      await setAutomation(application, undefined)
      tell.done(t.turnedOff)
    } catch (error) {
      tell.failed(t.notTurnedOff, error)
    }
  }

  const how = isOn ? [prune && t.prunes, selfHeal && t.heals].filter(Boolean).join(', ') : ''
  if (!may) {
    return (
      <span className={styles.fact}>
        {isOn ? t.isOn : t.isOff}
        {how && <span className={styles.how}> {how}</span>}
      </span>
    )
  }
  return (
    <>
      <span className={styles.fact}>
        <Switch
          label={t.autoSync}
          checked={isOn}
          onChange={(on) => {
            setWanted({ prune, selfHeal })
            if (on) setAsking(true)
            else void turnOff()
          }}
        />
        {how && <span className={styles.how}>{how}</span>}
      </span>
      {isAsking && (
        <Confirm
          title={t.turnOn}
          action={changes > 0 ? t.turnOnAndSync(changes) : t.turnOn}
          danger={wanted.prune && prunes > 0}
          run={() => setAutomation(application, wanted)}
          onClose={() => setAsking(false)}
        >
          <p className={styles.text}>{changes > 0 ? t.willSync(changes) : t.willFollow}</p>
          <Checkbox
            label={t.prune}
            hint={wanted.prune && prunes > 0 ? t.pruneNow(prunes) : t.pruneHint}
            checked={wanted.prune}
            onChange={(event) => setWanted({ ...wanted, prune: event.target.checked })}
          />
          <Checkbox
            label={t.selfHeal}
            hint={t.selfHealHint}
            checked={wanted.selfHeal}
            onChange={(event) => setWanted({ ...wanted, selfHeal: event.target.checked })}
          />
        </Confirm>
      )}
    </>
  )
}

function Pinned({ application, may }: { application: Application; may: boolean }) {
  const t = useSwitchTexts()
  const [isAsking, setAsking] = useState(false)
  const pin = pinOf(application)
  if (!pin) return null
  const entry = application.status?.history?.find(({ id }) => id === pin.id)
  const revision = deployedRevisions(entry).map(shortRevision).join(', ')
  return (
    <span className={styles.chip}>
      <PinIcon aria-hidden="true" />
      <span>
        {t.pinned} <code>{revision || `#${pin.id}`}</code>
        {pin.by && ` ${t.by(pin.by)}`} {pin.at && <Time at={pin.at} />}
      </span>
      {may && (
        <Button kind="quiet" onClick={() => setAsking(true)}>
          {t.unpin}
        </Button>
      )}
      {isAsking && (
        <Confirm
          title={t.unpinTitle}
          action={t.unpin}
          danger={false}
          run={() => unpin(application)}
          onClose={() => setAsking(false)}
        >
          <p className={styles.text}>{isAutomated(application) ? t.unpinAutomated : t.unpinManual}</p>
        </Confirm>
      )}
    </span>
  )
}

function Windows({ windows }: { windows: SyncWindows }) {
  const t = useSwitchTexts()
  const { assignedWindows, activeWindows, canSync, reason } = windows
  if (assignedWindows.length === 0) return null
  return (
    <Popover
      label={t.windows}
      trigger={
        <Button kind="quiet" icon={<CalendarClock />} className={canSync ? undefined : styles.shut}>
          {canSync ? t.windowOpen : t.windowShut}
        </Button>
      }
    >
      <p className={styles.text}>{reason}</p>
      <ul className={styles.windows}>
        {assignedWindows.map((window) => {
          const { kind, schedule, duration, manualSync } = window
          const isActive = activeWindows.some((one) => JSON.stringify(one) === JSON.stringify(window))
          return (
            <li key={`${kind} ${schedule} ${duration}`}>
              <strong>{kind === 'deny' ? t.deny : t.allow}</strong> <code>{schedule}</code> {t.lasts(duration)}
              {isActive && `, ${t.activeNow}`}
              {manualSync && `, ${t.manual}`}
            </li>
          )
        })}
      </ul>
    </Popover>
  )
}
