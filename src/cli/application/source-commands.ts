/** `app unset|add-source|remove-source`: taking values back, and several sources. */
import { type Command, Option } from 'commander'
import type { ApplicationSource, ApplicationSpec } from '../../model/index.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import { collect } from '../words.ts'
import { type AppFlags, command, print, withApplications } from './command.ts'
import { addSourceChoice, addSpecFlags, changedSources, type SpecFlags } from './flags.ts'
import { imageName, positionOf, withSourceFlags } from './source-flags.ts'

type Change = (spec: ApplicationSpec) => ApplicationSpec

async function change(name: string, flags: AppFlags, changed: Change): Promise<void> {
  await withApplications(flags, async (applications) => {
    const application = await applications.get(name)
    await applications.replace({ ...application, spec: changed(application.spec) })
  })
  print(`application ${name} changed\n`)
}

export function addSourceCommand(): Command {
  return addSpecFlags(command('add-source', 'add a source to an application'))
    .argument('<name>')
    .option('--source-name <name>', 'name of the new source')
    .action((name: string, flags: AppFlags & SpecFlags) => change(name, flags, (spec) => withSource(spec, flags)))
}

export function withSource(spec: ApplicationSpec, flags: SpecFlags): ApplicationSpec {
  const { sourceName, repo } = flags
  if (repo === undefined) throw new CommandError('give the repository with --repo', { code: exitCode.usage })
  const { source, sources = source ? [source] : [], ...others } = spec
  const added = withSourceFlags({ repoURL: '', ...(sourceName !== undefined && { name: sourceName }) }, flags)
  return { ...others, sources: [...sources, added] }
}

export function removeSourceCommand(): Command {
  return addSourceChoice(command('remove-source', 'remove one of several sources of an application'))
    .argument('<name>')
    .action((name: string, flags: AppFlags & SpecFlags) => change(name, flags, (spec) => withoutSource(spec, flags)))
}

export function withoutSource(spec: ApplicationSpec, choice: SpecFlags): ApplicationSpec {
  const { sources = [] } = spec
  if (sources.length < 2) throw new CommandError('the application has no several sources of which one could go')
  const position = positionOf(sources, choice)
  if (position === undefined) {
    throw new CommandError('say which source with --source-position or --source-name', { code: exitCode.usage })
  }
  return { ...spec, sources: sources.filter((_, index) => index !== position) }
}

interface Unset {
  option: Option
  apply(source: ApplicationSource, given: string[]): void
}

const without = <Item>(items: Item[] | undefined, isMeant: (item: Item) => boolean) =>
  (items ?? []).filter((item) => !isMeant(item))

function several(flags: string, description: string, apply: Unset['apply']): Unset {
  return { option: new Option(flags, description).argParser(collect), apply }
}

function single(flags: string, description: string, apply: (source: ApplicationSource) => void): Unset {
  return { option: new Option(flags, description), apply }
}

const unsets = (): Unset[] => [
  several('-p, --parameter <name>', 'Helm parameter', ({ helm }, names) => {
    if (helm) helm.parameters = without(helm.parameters, ({ name = '' }) => names.includes(name))
  }),
  several('--values <file>', 'Helm values file', ({ helm }, files) => {
    if (helm) helm.valueFiles = without(helm.valueFiles, (file) => files.includes(file))
  }),
  single('--values-literal', 'Helm values in the application', ({ helm }) => {
    delete helm?.values
    delete helm?.valuesObject
  }),
  single('--ignore-missing-value-files', 'values files have to be there', ({ helm }) => {
    delete helm?.ignoreMissingValueFiles
  }),
  single('--pass-credentials', "the repository's credentials go nowhere else", ({ helm }) => {
    delete helm?.passCredentials
  }),
  several('--kustomize-image <name>', 'Kustomize image override', ({ kustomize }, names) => {
    if (kustomize) kustomize.images = without(kustomize.images, (image) => names.includes(imageName(image)))
  }),
  several('--kustomize-replica <name>', 'Kustomize replica count', ({ kustomize }, names) => {
    if (kustomize) kustomize.replicas = without(kustomize.replicas, ({ name }) => names.includes(name))
  }),
  single('--kustomize-namespace', 'Kustomize namespace', ({ kustomize }) => delete kustomize?.namespace),
  single('--kustomize-version', 'Kustomize version', ({ kustomize }) => delete kustomize?.version),
  single('--nameprefix', 'Kustomize name prefix', ({ kustomize }) => delete kustomize?.namePrefix),
  single('--namesuffix', 'Kustomize name suffix', ({ kustomize }) => delete kustomize?.nameSuffix),
  single('--ignore-missing-components', 'components have to be there', ({ kustomize }) => {
    delete kustomize?.ignoreMissingComponents
  }),
  several('--plugin-env <name>', 'variable of the plugin', ({ plugin }, names) => {
    if (plugin) plugin.env = without(plugin.env, ({ name }) => names.includes(name))
  }),
  single('--ref', 'name for other sources', (source) => delete source.ref),
]

export function unsetCommand(): Command {
  const unset = addSourceChoice(command('unset', 'take values of a source back')).argument('<name>')
  for (const { option } of unsets()) unset.addOption(option)
  return unset.action((name: string, flags: AppFlags & SpecFlags) =>
    change(name, flags, (spec) => withoutValues(spec, flags)),
  )
}

export function withoutValues(spec: ApplicationSpec, flags: SpecFlags): ApplicationSpec {
  const meant = unsets().filter(({ option }) => flags[option.attributeName()] !== undefined)
  if (meant.length === 0)
    throw new CommandError('say what is to be taken back: --help lists it', { code: exitCode.usage })
  const changed = (source: ApplicationSource): ApplicationSource => {
    const copy = structuredClone(source)
    for (const { option, apply } of meant) apply(copy, flags[option.attributeName()] as string[])
    return withoutEmptyParts(copy)
  }
  if (spec.sources?.length) return { ...spec, sources: changedSources(spec.sources, flags, changed) }
  return spec.source ? { ...spec, source: changed(spec.source) } : spec
}

/** A part with nothing in it would still say what renders the source. */
function withoutEmptyParts(source: ApplicationSource): ApplicationSource {
  for (const part of ['helm', 'kustomize', 'plugin'] as const) {
    const values = Object.values(source[part] ?? {})
    const isEmpty = values.every((value) => value === undefined || (Array.isArray(value) && value.length === 0))
    if (source[part] && isEmpty) delete source[part]
  }
  return source
}
