/** What a container that does not exist would have written: the output of its command, or a few likely lines. */
import type { Container, Pod } from '../controllers/workload.ts'
import { behaviourOf } from './image-behaviour.ts'
import { isProgram, isShell, type Machine, Shell } from './shell.ts'

export interface LogLine {
  /** Milliseconds since the epoch. */
  at: number
  text: string
}

/** One life of a container; `end` is absent while it runs. */
export interface Lifetime {
  start: number
  end?: number
  exitCode?: number
}

const beatMs = 15_000
/** A container that has run for weeks has not kept more than this. */
const keptBeats = 500

/** The lines of a command that the emulated shell knows; undefined for a program of the image's own. */
function commandOutput(container: Container, machine: Machine): string[] | undefined {
  const words = [...(container.command ?? []), ...(container.args ?? [])]
  const [program] = words
  if (
    program === undefined ||
    !isProgram(program) ||
    (isShell(program) && !words.some((word) => /^-\w*c$/.test(word)))
  ) {
    return undefined
  }
  const { stdout, stderr } = new Shell(machine).runWords(words)
  return `${stdout}${stderr}`.split('\n').slice(0, -1)
}

function openingLines(pod: Pod, container: Container): string[] {
  const ports = (container.ports ?? []).map(({ containerPort }) => `listening on port ${containerPort}`)
  return [`starting ${container.name} (${container.image}) in pod ${pod.metadata.name}`, ...ports, 'ready']
}

function closingLines(pod: Pod, container: Container, exitCode: number): string[] {
  if (exitCode === 0) return ['done']
  if (exitCode === 143) return ['received SIGTERM, stopping']
  const behaviour = behaviourOf(container, pod.spec)
  return [`error: this image ${behaviour}, as its name says`, `exiting with code ${exitCode}`]
}

function beats({ start, end }: Lifetime, now: number): LogLine[] {
  const last = Math.floor(((end ?? now) - start) / beatMs)
  const first = Math.max(1, last - keptBeats + 1)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const at = start + (first + index) * beatMs
    return { at, text: `healthy, up ${Math.round((at - start) / 1000)}s` }
  })
}

/** Everything the container has written up to `now` in this life, in order of time. */
export function logLines(
  { pod, container, machine }: { pod: Pod; container: Container; machine: Machine },
  life: Lifetime,
  now: number,
): LogLine[] {
  const { start, end, exitCode } = life
  const output = commandOutput(container, machine)
  if (output) return output.map((text) => ({ at: start, text }))
  const lines = openingLines(pod, container).map((text, index) => ({ at: start + index, text }))
  const running = [...lines, ...beats(life, now)]
  if (end === undefined) return running
  return [...running, ...closingLines(pod, container, exitCode ?? 0).map((text) => ({ at: end, text }))]
}
