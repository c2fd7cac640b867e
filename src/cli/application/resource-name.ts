/** Resources as `--resource` names them. */
import type { SyncOperationResource } from '../../model/index.ts'
import { CommandError, exitCode } from '../exit-code.ts'

/** `GROUP:KIND:NAME` or `GROUP:KIND:NAMESPACE/NAME`, with `!` before it to leave the resource out; as in argocd. */
export function parseResource(text: string): SyncOperationResource {
  const exclude = text.startsWith('!')
  const [group, kind, place, ...rest] = (exclude ? text.slice(1) : text).split(':')
  if (group === undefined || !kind || !place || rest.length > 0) {
    throw new CommandError(`${text} is not of the form GROUP:KIND:NAME or GROUP:KIND:NAMESPACE/NAME`, {
      code: exitCode.usage,
    })
  }
  const [name = '', namespace] = place.split('/').reverse()
  return { ...(group && { group }), kind, name, ...(namespace && { namespace }), ...(exclude && { exclude }) }
}
