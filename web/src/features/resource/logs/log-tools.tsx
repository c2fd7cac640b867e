/** What of a log is shown, and how; and what is looked for in it. */
import {
  CaseSensitive,
  ChevronDown,
  ChevronUp,
  Clock,
  Download,
  History,
  ListFilter,
  Maximize,
  WrapText,
} from 'lucide-react'
import type { RefObject } from 'react'
import { IconButton } from '../../../ui/button.tsx'
import { Select, TextInput } from '../../../ui/field.tsx'
import type { ContainerChoice } from './containers.ts'
import styles from './logs.module.css'
import { useLogTexts } from './texts.ts'

export interface LogToolsProps {
  /** Empty: there is only one. */
  pods: string[]
  pod: string | undefined
  onPod(name: string | undefined): void
  containers: ContainerChoice[]
  container: string | undefined
  onContainer(name: string): void
  range: string
  onRange(range: string): void
  search: { text: string; matchCase: boolean; isOnly: boolean; at: number; found: number | undefined }
  onSearch(text: string): void
  onStep(by: number): void
  onMatchCase(on: boolean): void
  onOnly(on: boolean): void
  toggles: Record<'wrap' | 'times' | 'previous', boolean>
  onToggle(which: 'wrap' | 'times' | 'previous', on: boolean): void
  download: string
  /** What fills the screen. */
  full: RefObject<HTMLElement | null>
}

const toggles = [
  ['wrap', WrapText],
  ['times', Clock],
  ['previous', History],
] as const

export function LogTools(props: LogToolsProps) {
  const t = useLogTexts()
  const { pods, pod, onPod, containers, container, onContainer, range, onRange, download, full } = props
  return (
    <div className={styles.tools}>
      {pods.length > 0 && (
        <Select
          className={styles.choice}
          aria-label={t.pod}
          value={pod ?? ''}
          onChange={(event) => onPod(event.target.value || undefined)}
        >
          <option value="">{t.allPods}</option>
          {pods.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      )}
      {containers.length > 1 && (
        <Select
          className={styles.choice}
          aria-label={t.container}
          value={container}
          onChange={(event) => onContainer(event.target.value)}
        >
          {containers.map(({ name, sort }) => (
            <option key={name} value={name}>
              {name}
              {t.sorts[sort]}
            </option>
          ))}
        </Select>
      )}
      <Select
        className={styles.choice}
        aria-label={t.from}
        value={range}
        onChange={(event) => onRange(event.target.value)}
      >
        {Object.entries(t.tails).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
        {Object.entries(t.sinces).map(([value, label]) => (
          <option key={value} value={`s${value}`}>
            {label}
          </option>
        ))}
      </Select>
      <Search {...props} />
      <span className={styles.toggles}>
        {toggles.map(([which, Icon]) => (
          <IconButton
            key={which}
            label={t[which]}
            pressed={props.toggles[which]}
            onClick={() => props.onToggle(which, !props.toggles[which])}
          >
            <Icon />
          </IconButton>
        ))}
        <a className={styles.download} href={download} download aria-label={t.download} title={t.download}>
          <Download aria-hidden="true" />
        </a>
        {document.fullscreenEnabled && (
          <IconButton label={t.full} onClick={() => void toggleFull(full.current)}>
            <Maximize />
          </IconButton>
        )}
      </span>
    </div>
  )
}

function Search({ search, onSearch, onStep, onMatchCase, onOnly }: LogToolsProps) {
  const t = useLogTexts()
  const { text, matchCase, isOnly, at, found } = search
  return (
    <search className={styles.search}>
      <TextInput
        type="search"
        aria-label={t.search}
        placeholder={t.search}
        value={text}
        onChange={(event) => onSearch(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1)
        }}
      />
      {found !== undefined && (
        <>
          <span className={styles.found} role="status">
            {found === 0 ? t.noMatch : t.matches(at, found)}
          </span>
          <IconButton label={t.previousMatch} disabled={found === 0} onClick={() => onStep(-1)}>
            <ChevronUp />
          </IconButton>
          <IconButton label={t.nextMatch} disabled={found === 0} onClick={() => onStep(1)}>
            <ChevronDown />
          </IconButton>
          <IconButton label={t.matchCase} pressed={matchCase} onClick={() => onMatchCase(!matchCase)}>
            <CaseSensitive />
          </IconButton>
          <IconButton label={t.only} pressed={isOnly} onClick={() => onOnly(!isOnly)}>
            <ListFilter />
          </IconButton>
        </>
      )}
    </search>
  )
}

async function toggleFull(element: HTMLElement | null): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen()
  else await element?.requestFullscreen()
}
