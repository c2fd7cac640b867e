/** Adds or changes a sync window, with the week as it will be. */
import { useState } from 'react'
import { Checkbox, Field, TextInput } from '../../../../ui/field.tsx'
import { Segmented } from '../../../../ui/segmented.tsx'
import { FormPanel } from '../../parts/form-panel.tsx'
import { LinesField } from '../../parts/lines-field.tsx'
import styles from '../../parts/parts.module.css'
import type { SyncWindow } from '../ask-projects.ts'
import { readCron } from './cron.ts'
import { useWindowTexts } from './texts.ts'
import { isTimeZone, readDuration } from './week.ts'
import { WeekCalendar } from './week-calendar.tsx'

const fresh: SyncWindow = { kind: 'deny', schedule: '0 22 * * 1-5', duration: '8h', applications: ['*'] }
const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
const zones = Intl.supportedValuesOf('timeZone')

export interface WindowEditorProps {
  /** A new one, where there is none. */
  window?: SyncWindow | undefined
  others: SyncWindow[]
  save(window: SyncWindow): Promise<void>
  onClose(): void
}

export function WindowEditor({ window, others, save, onClose }: WindowEditorProps) {
  const t = useWindowTexts()
  const [draft, setDraft] = useState<SyncWindow>(window ?? { ...fresh, timeZone: browserZone })
  const change = (changes: SyncWindow) => setDraft((before) => ({ ...before, ...changes }))
  const { kind, schedule = '', duration = '', timeZone = '' } = draft
  return (
    <FormPanel
      title={window ? t.editTitle : t.addTitle}
      action={window ? t.save : t.add}
      submit={() => save(tidy(draft))}
      onClose={onClose}
    >
      <Field label={t.kind} hint={t.kindHint}>
        {() => (
          <div>
            <Segmented
              label={t.kind}
              choices={[
                { id: 'allow', label: t.allow },
                { id: 'deny', label: t.deny },
              ]}
              chosen={kind === 'allow' ? 'allow' : 'deny'}
              onChoose={(chosen) => change({ kind: chosen })}
            />
          </div>
        )}
      </Field>
      <div className={styles.columns}>
        <Field label={t.cron} hint={t.cronHint} error={readCron(schedule) ? undefined : t.unreadable}>
          {(field) => (
            <TextInput
              {...field}
              mono
              value={schedule}
              onChange={(event) => change({ schedule: event.target.value })}
            />
          )}
        </Field>
        <Field
          label={t.duration}
          hint={t.durationHint}
          error={readDuration(duration) === undefined ? t.unreadableDuration : undefined}
        >
          {(field) => (
            <TextInput
              {...field}
              mono
              value={duration}
              onChange={(event) => change({ duration: event.target.value })}
            />
          )}
        </Field>
        <Field label={t.zone} hint={t.zoneHint} error={timeZone === '' || isTimeZone(timeZone) ? undefined : t.noZone}>
          {(field) => (
            <>
              <TextInput
                {...field}
                mono
                list="time-zones"
                value={timeZone}
                onChange={(event) => change({ timeZone: event.target.value })}
              />
              <datalist id="time-zones">
                {zones.map((zone) => (
                  <option key={zone} value={zone} />
                ))}
              </datalist>
            </>
          )}
        </Field>
      </div>
      <p className={styles.rowsLabel}>{t.preview}</p>
      <WeekCalendar windows={[draft, ...others]} zone={isTimeZone(timeZone) ? timeZone : 'UTC'} chosen={0} />
      <p className={styles.hint}>{t.listHint}</p>
      <div className={styles.columns}>
        {(['applications', 'namespaces', 'clusters'] as const).map((name) => (
          <LinesField
            key={name}
            label={t[name]}
            values={draft[name] ?? []}
            onChange={(values) => change({ [name]: values })}
          />
        ))}
      </div>
      <Checkbox
        label={t.andOperator}
        hint={t.andHint}
        checked={draft.andOperator ?? false}
        onChange={(event) => change({ andOperator: event.target.checked })}
      />
      <Checkbox
        label={t.manualSync}
        checked={draft.manualSync ?? false}
        onChange={(event) => change({ manualSync: event.target.checked })}
      />
      <Checkbox
        label={t.syncOverrun}
        checked={draft.syncOverrun ?? false}
        onChange={(event) => change({ syncOverrun: event.target.checked })}
      />
      <Field label={t.description}>
        {(field) => (
          <TextInput
            {...field}
            value={draft.description ?? ''}
            onChange={(event) => change({ description: event.target.value })}
          />
        )}
      </Field>
    </FormPanel>
  )
}

/** What is empty or off is left out. */
function tidy(window: SyncWindow): SyncWindow {
  const kept = Object.entries(window).filter(
    ([, value]) => value !== '' && value !== false && !(Array.isArray(value) && value.length === 0),
  )
  return Object.fromEntries(kept)
}
