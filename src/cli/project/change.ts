/** Commands that change one thing of a project: what each makes of its spec. */
import type { Command } from 'commander'
import { routes } from '../../contract/index.ts'
import type { AppProjectSpec } from '../../model/index.ts'
import { type ApiFlags, apiCommand, say, withApi } from '../server/command.ts'

export interface SpecChange {
  name: string
  description: string
  /** Besides the project. */
  args?: string[]
  flags?(command: Command): Command
  apply(spec: AppProjectSpec, given: Given): AppProjectSpec
}

export interface Given {
  project: string
  args: string[]
  // biome-ignore lint/suspicious/noExplicitAny: each change knows its own flags
  flags: any
}

export function changeCommand({
  name,
  description,
  args = [],
  flags = (command) => command,
  apply,
}: SpecChange): Command {
  const command = flags(apiCommand(name, description)).argument('<project>')
  for (const word of args) command.argument(word)
  return command.action(async (project: string, ...rest: unknown[]) => {
    const given = rest.slice(0, args.length).filter((word) => word !== undefined) as string[]
    const options = rest[args.length] as ApiFlags
    const changed = await changeProject(project, options, (spec) =>
      apply(spec, { project, args: given, flags: options }),
    )
    say(changed ? `project ${project} changed` : `project ${project} stays as it is`)
  })
}

/** False where nothing was to be changed. Somebody else's change in between is refused by the server: nothing is lost. */
export function changeProject(
  name: string,
  flags: ApiFlags,
  change: (spec: AppProjectSpec) => AppProjectSpec,
): Promise<boolean> {
  return withApi(flags, async (api) => {
    const project = await api.call(routes.projects.get, { params: { name } })
    const spec = change(project.spec)
    if (spec === project.spec) return false
    await api.call(routes.projects.update, { params: { name }, body: { project: { ...project, spec } } })
    return true
  })
}
