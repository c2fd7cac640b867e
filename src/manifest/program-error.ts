/** The failure of a program that renders, in as many words as are read. Pure. */
import { StageError } from '../model/index.ts'
import { RunError } from '../process/run.ts'

const longest = 4000

/** `root`: of the private directory that it ran in. */
export function programError(name: string, error: unknown, root: string): StageError {
  if (!(error instanceof RunError)) {
    return new StageError('manifest', `${name}: ${String(error)}`, { retry: true, cause: error })
  }
  // Our directory's random name would make every message a new one, and says nothing to anybody.
  const said = error.message
    .replaceAll(`${root}/files/`, '')
    .replaceAll(root, '')
    .replace(/^Error: /i, '')
    .replace(/\n*Use --debug flag to render out invalid YAML/, '')
  const retry = error.failure === 'time' || error.failure === 'aborted'
  const message = `${name}: ${withoutRepetition(said).slice(0, longest)}${adviceOn(said)}`
  return new StageError('manifest', message, { retry, cause: error })
}

const onTheWay = ': error calling include: '

/** Of a template that includes itself, helm tells every step, and the cause last. */
function withoutRepetition(text: string): string {
  return [...new Set(text.split(onTheWay))].join(onTheWay)
}

function adviceOn(text: string): string {
  const isEndless = /nested reference name|unable to nest|exceeded maximum template depth|max stack frames/.test(text)
  return isEndless ? ': it goes on without end: correct what includes or calls itself' : ''
}
