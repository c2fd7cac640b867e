/** `tiphys proj …`: projects. */
import { Command } from 'commander'
import { routes } from '../../contract/index.ts'
import type { AppProject } from '../../model/index.ts'
import { edited } from '../editor.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import { readObjects } from '../objects.ts'
import { printJson, printListing, printYaml } from '../output.ts'
import { type ApiFlags, apiCommand, type OutputFlags, outputOption, print, say, withApi } from '../server/command.ts'
import { changeCommand, changeProject } from './change.ts'
import { projectChanges } from './changes.ts'
import { describeProject, projectListing } from './describe.ts'
import { integrityCommand } from './integrity.ts'
import { roleCommand } from './roles.ts'
import { addProjectFlags, withProjectFlags } from './spec-flags.ts'
import { windowsCommand } from './windows.ts'

export function projectCommand(): Command {
  const project = new Command('proj')
  const commands = [list(), get(), create(), set(), edit(), remove(), ...projectChanges.map(changeCommand)]
  for (const child of [...commands, roleCommand(), windowsCommand(), integrityCommand()]) project.addCommand(child)
  return project
}

function list(): Command {
  return apiCommand('list', 'list projects')
    .alias('ls')
    .addOption(outputOption())
    .action(async (flags: OutputFlags) => {
      const { items } = await withApi(flags, (api) => api.call(routes.projects.list, {}))
      print(printListing(projectListing(items), flags.output))
    })
}

function get(): Command {
  return apiCommand('get', 'show a project')
    .argument('<project>')
    .addOption(outputOption())
    .action(async (name: string, flags: OutputFlags) => {
      const project = await withApi(flags, (api) => api.call(routes.projects.get, { params: { name } }))
      if (flags.output === 'json') print(printJson(project))
      else if (flags.output === 'yaml') print(printYaml(project))
      else print(flags.output === 'name' ? `${name}\n` : describeProject(project))
    })
}

type CreateFlags = ApiFlags & { file?: string; upsert?: boolean } & Record<string, unknown>

function create(): Command {
  return addProjectFlags(apiCommand('create', 'make a project'))
    .argument('[project]')
    .option('-f, --file <file>', 'take it from a YAML or JSON file; "-" reads standard input')
    .option('--upsert', 'change it when it exists already')
    .action(async (name: string | undefined, flags: CreateFlags) => {
      const project = await describedBy(name, flags)
      await withApi(flags, (api) =>
        api.call(routes.projects.create, { body: { project, ...(flags.upsert && { upsert: true }) } }),
      )
      say(`project ${project.metadata.name} created`)
    })
}

async function describedBy(name: string | undefined, flags: CreateFlags): Promise<AppProject> {
  const base = flags.file === undefined ? undefined : await readProject(flags.file)
  const given = name ?? base?.metadata.name
  if (!given) throw new CommandError('name the project, or give a file with --file', { code: exitCode.usage })
  if (base && given !== base.metadata.name) {
    throw new CommandError(`the file is about ${base.metadata.name}, and not about ${given}`, { code: exitCode.usage })
  }
  const { labels, annotations, finalizers } = base?.metadata ?? {}
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: {
      name: given,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
    },
    spec: withProjectFlags(base?.spec ?? {}, flags),
  }
}

async function readProject(file: string): Promise<AppProject> {
  const found = (await readObjects([file])).find(({ kind }) => kind === 'AppProject')
  if (!found) throw new CommandError(`${file} holds no AppProject`)
  return { ...found, spec: found.spec ?? {} } as AppProject
}

function set(): Command {
  return addProjectFlags(apiCommand('set', 'change what a project says: each flag replaces what was there'))
    .argument('<project>')
    .action(async (name: string, flags: CreateFlags) => {
      const changed = await changeProject(name, flags, (spec) => withProjectFlags(spec, flags))
      if (!changed) throw new CommandError('say what is to be changed: --help lists it', { code: exitCode.usage })
      say(`project ${name} changed`)
    })
}

function edit(): Command {
  return apiCommand('edit', 'change a project in an editor (VISUAL, EDITOR or vi)')
    .argument('<project>')
    .action(async (name: string, flags: ApiFlags) => {
      await withApi(flags, async (api) => {
        const project = await api.call(routes.projects.get, { params: { name } })
        const spec = await edited(project.spec, name)
        if (spec === undefined) return say(`project ${name} stays as it is`)
        await api.call(routes.projects.update, { params: { name }, body: { project: { ...project, spec } } })
        say(`project ${name} changed`)
      })
    })
}

function remove(): Command {
  return apiCommand('delete', 'delete a project that no application is in')
    .argument('<projects...>')
    .action(async (names: string[], flags: ApiFlags) => {
      await withApi(flags, async (api) => {
        for (const name of names) {
          await api.call(routes.projects.delete, { params: { name } })
          say(`project ${name} deleted`)
        }
      })
    })
}
