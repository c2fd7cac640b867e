/** That a Git host knows no such thing, or does not show it to us. */
import { StageError } from '../../model/index.ts'

export class NotThere extends StageError {}

export function notThere(what: string): NotThere {
  const message = `${what} is not there, or not for this token: check the name and tokenRef`
  return new NotThere('generate', message, { retry: false })
}
