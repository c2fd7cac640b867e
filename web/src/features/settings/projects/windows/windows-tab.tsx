/** The sync windows of a project: a week of them, and each in words. */
import { Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useLanguage } from '../../../../lib/language.ts'
import { useSearchState } from '../../../../lib/search-state.ts'
import { useNow } from '../../../../lib/time.ts'
import { Button, IconButton } from '../../../../ui/button.tsx'
import { Confirm } from '../../../../ui/confirm.tsx'
import { Empty } from '../../../../ui/empty.tsx'
import { Select } from '../../../../ui/field.tsx'
import { Status } from '../../../../ui/status.tsx'
import { Dotted, Item, ItemList } from '../../parts/item-list.tsx'
import styles from '../../parts/parts.module.css'
import { type SyncWindow, useProjectWriter } from '../ask-projects.ts'
import type { ProjectTabProps } from '../rules/rules-tab.tsx'
import { describeSchedule } from './describe-schedule.ts'
import { useWindowTexts } from './texts.ts'
import { isOpenAt, isTimeZone } from './week.ts'
import { WeekCalendar } from './week-calendar.tsx'
import { WindowEditor } from './window-editor.tsx'

type Open = { what: 'add' } | { what: 'edit' | 'remove'; at: number }

export const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

export function WindowsTab({ detailed: { project }, mayEdit }: ProjectTabProps) {
  const t = useWindowTexts()
  const search = useSearchState()
  const writer = useProjectWriter()
  const words = useWindowWords()
  const [open, setOpen] = useState<Open>()
  const windows = project.spec.syncWindows ?? []
  const zones = [...new Set([browserZone, 'UTC', ...windows.map(({ timeZone }) => timeZone ?? '')])].filter(isTimeZone)
  const zone = zones.find((one) => one === search.get('clock')) ?? browserZone
  const close = () => setOpen(undefined)
  const add = mayEdit && (
    <Button icon={<Plus />} onClick={() => setOpen({ what: 'add' })}>
      {t.add}
    </Button>
  )
  const save = (syncWindows: SyncWindow[]) => writer.save(project, { ...project.spec, syncWindows })
  return (
    <>
      {windows.length === 0 ? (
        <Empty title={t.none} actions={add}>
          {t.noneText}
        </Empty>
      ) : (
        <>
          <div className={styles.tabHeader}>
            <p className={styles.hint}>{t.lead}</p>
            <div className={styles.actions}>
              <Select
                className={styles.narrow}
                aria-label={t.clock}
                value={zone}
                onChange={(event) =>
                  search.set({ clock: event.target.value === browserZone ? undefined : event.target.value })
                }
              >
                {zones.map((one) => (
                  <option key={one} value={one}>
                    {one === browserZone ? `${t.here} (${one})` : one}
                  </option>
                ))}
              </Select>
              {add}
            </div>
          </div>
          <WeekCalendar
            windows={windows}
            zone={zone}
            {...(mayEdit && { onChoose: (at: number) => setOpen({ what: 'edit', at }) })}
          />
          <ItemList label={t.lead}>
            {windows.map((window, at) => (
              <OneWindow
                key={JSON.stringify(window)}
                window={window}
                {...(mayEdit && { onOpen: (what: 'edit' | 'remove') => setOpen({ what, at }) })}
              />
            ))}
          </ItemList>
        </>
      )}
      {open?.what === 'add' && (
        <WindowEditor others={windows} save={(window) => save([...windows, window])} onClose={close} />
      )}
      {open?.what === 'edit' && (
        <WindowEditor
          window={windows[open.at]}
          others={windows.filter((_one, at) => at !== open.at)}
          save={(window) => save(windows.map((one, at) => (at === open.at ? window : one)))}
          onClose={close}
        />
      )}
      {open?.what === 'remove' && (
        <Confirm
          title={t.remove(words.when(windows[open.at] ?? {}))}
          action={t.remove('').trim()}
          run={() => save(windows.filter((_one, at) => at !== open.at))}
          onClose={close}
        >
          {t.removeText}
        </Confirm>
      )}
    </>
  )
}

function OneWindow({ window, onOpen }: { window: SyncWindow; onOpen?: (what: 'edit' | 'remove') => void }) {
  const t = useWindowTexts()
  const words = useWindowWords()
  const now = useNow()
  const when = words.when(window)
  return (
    <Item
      title={
        <span className={window.kind === 'deny' ? styles.denies : styles.allows}>
          {window.kind === 'deny' ? t.denies(when) : t.allows(when)}
        </span>
      }
      about={
        <Dotted>
          {[
            window.description,
            words.concerns(window),
            window.manualSync && t.manual,
            window.syncOverrun && t.overrun,
            window.timeZone || 'UTC',
          ]}
        </Dotted>
      }
      status={
        isOpenAt(window, now) && <Status status={window.kind === 'deny' ? 'Suspended' : 'Healthy'} word={t.open} />
      }
      actions={
        onOpen && (
          <>
            <IconButton label={t.edit(when)} onClick={() => onOpen('edit')}>
              <Pencil />
            </IconButton>
            <IconButton label={t.remove(when)} onClick={() => onOpen('remove')}>
              <Trash2 />
            </IconButton>
          </>
        )
      }
    />
  )
}

/** A window in words: when, and whom it concerns. */
function useWindowWords() {
  const t = useWindowTexts()
  const language = useLanguage()
  return {
    when({ schedule = '', duration = '' }: SyncWindow): string {
      return describeSchedule(schedule, duration, language) ?? t.schedule(schedule, duration)
    },
    concerns(window: SyncWindow): string {
      const lists = (['applications', 'namespaces', 'clusters'] as const)
        .filter((name) => window[name]?.length)
        .map((name) => `${t.concerns[name]} ${window[name]?.join(', ')}`)
      return lists.join(` ${window.andOperator ? t.and : t.or} `)
    },
  }
}
