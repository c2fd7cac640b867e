/** The log of a Pod, or of all Pods of an owner, as it runs. */
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { failureText, type ResourceNode } from '../../../lib/api.ts'
import { count, useLanguage } from '../../../lib/language.ts'
import { useSearchState } from '../../../lib/search-state.ts'
import { useStored } from '../../../lib/stored.ts'
import { Button } from '../../../ui/button.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { podsOf } from '../chain.ts'
import { useLiveObject } from '../queries/live-object.ts'
import { addressOf } from '../queries/object-address.ts'
import type { TabProps } from '../resource-panel.tsx'
import { containersOf } from './containers.ts'
import { createLogFilter } from './log-buffer.ts'
import { LogLines } from './log-lines.tsx'
import { downloadAddress, type LogQuestion, type LogStream, useLogStream } from './log-stream.ts'
import { LogTools } from './log-tools.tsx'
import styles from './logs.module.css'
import { useLogTexts } from './texts.ts'

type LogsTabProps = Omit<TabProps, 'node'> & { node: ResourceNode }

export default function LogsTab(props: LogsTabProps) {
  const t = useLogTexts()
  const pods = podsOf(props.nodes, props.node)
  if (pods.length === 0) return <Empty title={t.noPods}>{t.noPodsText}</Empty>
  return <Logs {...props} pods={pods} />
}

function Logs({ application, node, pods }: LogsTabProps & { pods: ResourceNode[] }) {
  const t = useLogTexts()
  const language = useLanguage()
  const search = useSearchState()
  const box = useRef<HTMLDivElement>(null)
  const [wraps, setWraps] = useStored('logs-wrap')
  const [times, setTimes] = useStored('logs-times')
  const [isPrevious, setPrevious] = useState(false)
  const [matchCase, setMatchCase] = useState(false)
  const [isOnly, setOnly] = useState(false)
  const [at, setAt] = useState(0)

  const isOwner = node.kind !== 'Pod'
  const podNames = pods.map(({ name = '' }) => name)
  const asked = search.get('pod')
  const pod = isOwner ? podNames.find((name) => name === asked) : node.name
  const shownPod = pods.find(({ name }) => name === pod) ?? pods[0] ?? node
  const { object, error } = useLiveObject(application, addressOf(shownPod), shownPod)
  const containers = containersOf(object)
  const container = containers.find(({ name }) => name === search.get('container'))?.name ?? containers[0]?.name
  const range = search.get('from') ?? '500'
  const question: LogQuestion = { node, pod, container, previous: isPrevious, ...rangeOf(range) }
  const log = useLogStream(application, question, object !== undefined || error !== undefined)
  useReopening(log, isPrevious ? undefined : pods.map(({ resourceVersion }) => resourceVersion).join())

  const text = search.get('find') ?? ''
  const wanted = useDeferredValue(text)
  const filter = useMemo(() => createLogFilter({ text: wanted, matchCase }), [wanted, matchCase])
  const found = wanted === '' ? undefined : filter(log.lines)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another search begins anew
  useEffect(() => setAt(0), [wanted, matchCase])
  const current = found?.[at - 1]
  const step = (by: number) => found && found.length > 0 && setAt(((at - 1 + by + found.length) % found.length) + 1)

  return (
    <div ref={box} className={styles.logs}>
      <LogTools
        pods={isOwner ? podNames : []}
        pod={pod}
        onPod={(name) => search.set({ pod: name })}
        containers={containers}
        container={container}
        onContainer={(name) => search.set({ container: name })}
        range={range}
        onRange={(from) => search.set({ from: from === '500' ? undefined : from })}
        search={{ text, matchCase, isOnly, at, found: found?.length }}
        onSearch={(find) => search.set({ find }, { replace: true })}
        onStep={step}
        onMatchCase={setMatchCase}
        onOnly={setOnly}
        toggles={{ wrap: wraps === 'yes', times: times === 'yes', previous: isPrevious }}
        onToggle={(which, on) => {
          if (which === 'wrap') setWraps(on ? 'yes' : undefined)
          else if (which === 'times') setTimes(on ? 'yes' : undefined)
          else setPrevious(on)
        }}
        download={downloadAddress(application, question)}
        full={box}
      />
      {log.state === 'refused' && (
        <Notice tone="bad" title={t.states.refused} actions={<Button onClick={log.again}>{t.again}</Button>}>
          {log.error !== undefined && failureText(log.error)}
        </Notice>
      )}
      {log.dropped > 0 && (
        <p className={styles.dropped}>{t.dropped(count(language, log.dropped, t.older, t.olders))}</p>
      )}
      <LogLines
        label={t.log(node.name ?? '')}
        lines={isOnly && found ? found : log.lines}
        search={{ text: wanted, matchCase }}
        current={current}
        podNames={isOwner && !pod ? podNames : []}
        wraps={wraps === 'yes'}
        showsTimes={times === 'yes'}
        empty={log.state === 'ended' ? t.empty : log.state === 'refused' ? '' : t.states[log.state]}
      />
      <div className={styles.state} data-state={log.state} role="status">
        <span>{t.states[log.state]}</span>
        {log.state === 'ended' && !isPrevious && <Button onClick={log.again}>{t.again}</Button>}
      </div>
    </div>
  )
}

/** A container that has ended may begin anew: its Pod changes then. */
function useReopening({ state, again }: LogStream, version: string | undefined): void {
  const latest = useRef({ state, again })
  latest.current = { state, again }
  useEffect(() => {
    if (version !== undefined && latest.current.state === 'ended') latest.current.again()
  }, [version])
}

/** `all`, the last so many lines, or the last so many seconds. */
function rangeOf(range: string): Pick<LogQuestion, 'tailLines' | 'sinceSeconds'> {
  const [, sort, amount] = /^(s?)(\d{1,8})$/.exec(range) ?? []
  if (!amount) return {}
  return sort === 's' ? { sinceSeconds: Number(amount) } : { tailLines: Number(amount) }
}
