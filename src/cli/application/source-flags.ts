/** The flags that describe a source, and what each makes of it. Names as in argocd. */
import { readFileSync } from 'node:fs'
import { Option } from 'commander'
import {
  type ApplicationSource,
  type DirectorySource,
  type HelmSource,
  type KustomizeSource,
  messageOf,
} from '../../model/index.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import { collect, pair, pairs } from '../words.ts'

/** A flag of the command line, by the name that commander gives it. */
export type GivenFlags = Record<string, unknown>

type Change<Value> = (source: ApplicationSource, value: Value) => void

interface SourceFlag {
  option: Option
  apply: Change<never>
}

const text = (flags: string, description: string, apply: Change<string>): SourceFlag => ({
  option: new Option(flags, description),
  apply,
})
const fileText = (flags: string, description: string, apply: Change<string>): SourceFlag => ({
  option: new Option(flags, description).argParser(readText),
  apply,
})
const texts = (flags: string, description: string, apply: Change<string[]>): SourceFlag => ({
  option: new Option(flags, description).argParser(collect),
  apply,
})
const flag = (flags: string, description: string, apply: Change<boolean>): SourceFlag => ({
  option: new Option(flags, description),
  apply,
})

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new CommandError(`${file} cannot be read: ${messageOf(cause)}`, { cause })
  }
}

/** Changes a copy of that part of the source. */
const part =
  <Name extends 'helm' | 'kustomize' | 'directory'>(name: Name) =>
  <Value>(set: (into: NonNullable<ApplicationSource[Name]>, value: Value) => void): Change<Value> =>
  (source, value) => {
    const copy = { ...source[name] } as NonNullable<ApplicationSource[Name]>
    set(copy, value)
    source[name] = copy
  }
const helm = part('helm')
const kustomize = part('kustomize')
const directory = part('directory')

const helmField = (field: keyof HelmSource) => helm((into, value) => Object.assign(into, { [field]: value }))
const kustomizeField = (field: keyof KustomizeSource) =>
  kustomize((into, value) => Object.assign(into, { [field]: value }))
const directoryField = (field: keyof DirectorySource) =>
  directory((into, value) => Object.assign(into, { [field]: value }))
const sourceField = (field: keyof ApplicationSource) => (source: ApplicationSource, value: string) =>
  void Object.assign(source, { [field]: value })

const helmFlags: SourceFlag[] = [
  text('--helm-chart <name>', 'chart name, for a Helm repository', sourceField('chart')),
  text('--release-name <name>', 'Helm release name', helmField('releaseName')),
  texts('--values <file>', 'Helm values file in the repository', helmField('valueFiles')),
  fileText('--values-literal-file <file>', 'values from a file here, put into the application', helmField('values')),
  texts('--helm-set <key=value>', 'Helm parameter', helmParameters(false)),
  texts('--helm-set-string <key=value>', 'Helm parameter that stays a string', helmParameters(true)),
  texts('-p, --parameter <key=value>', 'the same as --helm-set', helmParameters(false)),
  texts('--helm-set-file <key=path>', 'Helm parameter from a file of the repository', helm(setFileParameters)),
  text('--helm-version <version>', 'Helm version', helmField('version')),
  text('--helm-namespace <namespace>', 'namespace that the chart sees', helmField('namespace')),
  text('--helm-kube-version <version>', 'Kubernetes version that the chart sees', helmField('kubeVersion')),
  texts('--helm-api-versions <version>', 'API version that the chart sees', helmField('apiVersions')),
  flag('--helm-pass-credentials', "send the repository's credentials to other hosts too", helmField('passCredentials')),
  flag('--helm-skip-crds', 'leave the definitions of the chart out', helmField('skipCrds')),
  flag('--helm-skip-tests', 'leave the tests of the chart out', helmField('skipTests')),
  flag('--helm-skip-schema-validation', 'do not hold values against their schema', helmField('skipSchemaValidation')),
  flag('--ignore-missing-value-files', 'values files need not be there', helmField('ignoreMissingValueFiles')),
]

function helmParameters(forceString: boolean): Change<string[]> {
  return helm((into, given: string[]) => {
    for (const { name, value } of given.map(pair)) {
      const others = (into.parameters ?? []).filter((parameter) => parameter.name !== name)
      into.parameters = [...others, { name, value, ...(forceString && { forceString }) }]
    }
  })
}

function setFileParameters(into: HelmSource, given: string[]): void {
  for (const { name, value: path } of given.map(pair)) {
    const others = (into.fileParameters ?? []).filter((parameter) => parameter.name !== name)
    into.fileParameters = [...others, { name, path }]
  }
}

const kustomizeFlags: SourceFlag[] = [
  texts('--kustomize-image <image>', 'Kustomize image override', kustomize(setImages)),
  text('--nameprefix <prefix>', 'Kustomize name prefix', kustomizeField('namePrefix')),
  text('--namesuffix <suffix>', 'Kustomize name suffix', kustomizeField('nameSuffix')),
  texts('--kustomize-replica <name=count>', 'Kustomize replica count', kustomize(setReplicas)),
  text('--kustomize-namespace <namespace>', 'namespace of all objects', kustomizeField('namespace')),
  text('--kustomize-version <version>', 'Kustomize version', kustomizeField('version')),
  text('--kustomize-kube-version <version>', 'Kubernetes version that charts see', kustomizeField('kubeVersion')),
  texts('--kustomize-api-versions <version>', 'API version that charts see', kustomizeField('apiVersions')),
  texts('--kustomize-common-label <key=value>', 'label of all objects', kustomizeMap('commonLabels')),
  texts('--kustomize-common-annotation <key=value>', 'annotation of all objects', kustomizeMap('commonAnnotations')),
  flag('--kustomize-force-common-label', 'in the place of others', kustomizeField('forceCommonLabels')),
  flag('--kustomize-force-common-annotation', 'in the place of others', kustomizeField('forceCommonAnnotations')),
  flag('--kustomize-label-without-selector', 'keep labels out of selectors', kustomizeField('labelWithoutSelector')),
  flag('--kustomize-label-include-templates', 'labels in templates too', kustomizeField('labelIncludeTemplates')),
  flag('--ignore-missing-components', 'components need not be there', kustomizeField('ignoreMissingComponents')),
]

function kustomizeMap(field: 'commonLabels' | 'commonAnnotations') {
  return kustomize((into, given: string[]) => {
    into[field] = { ...into[field], ...pairs(given) }
  })
}

function setImages(into: KustomizeSource, given: string[]): void {
  for (const image of given) {
    const others = (into.images ?? []).filter((other) => imageName(other) !== imageName(image))
    into.images = [...others, image]
  }
}

/** `name` of `[name=]image:tag` or `image@digest`. */
export function imageName(image: string): string {
  const [left = '', right] = image.split('=')
  return right === undefined ? left.replace(/@.*$/, '').replace(/:[^:/]*$/, '') : left
}

function setReplicas(into: KustomizeSource, given: string[]): void {
  for (const { name, value } of given.map(pair)) {
    const others = (into.replicas ?? []).filter((replica) => replica.name !== name)
    into.replicas = [...others, { name, count: Number(value) }]
  }
}

const directoryFlags: SourceFlag[] = [
  flag('--directory-recurse', 'read sub-folders too', directoryField('recurse')),
  text('--directory-include <glob>', 'read only these files', directoryField('include')),
  text('--directory-exclude <glob>', 'leave these files out', directoryField('exclude')),
  flag(
    '--directory-disable-extension-filter',
    'read other files than YAML and JSON',
    directoryField('disableExtensionFilter'),
  ),
  texts('--jsonnet-ext-var-str <name=value>', 'Jsonnet external variable', jsonnetVariables('extVars', false)),
  texts('--jsonnet-ext-var-code <name=value>', 'the same as code', jsonnetVariables('extVars', true)),
  texts('--jsonnet-tla-str <name=value>', 'Jsonnet top-level argument', jsonnetVariables('tlas', false)),
  texts('--jsonnet-tla-code <name=value>', 'the same as code', jsonnetVariables('tlas', true)),
  texts(
    '--jsonnet-libs <folder>',
    'where else Jsonnet looks for imports',
    directory((into, libs: string[]) => {
      into.jsonnet = { ...into.jsonnet, libs }
    }),
  ),
]

/** Texts take the place of texts, and code that of code. */
function jsonnetVariables(field: 'extVars' | 'tlas', isCode: boolean): Change<string[]> {
  return directory((into, given: string[]) => {
    const others = (into.jsonnet?.[field] ?? []).filter(({ code }) => (code === true) !== isCode)
    into.jsonnet = {
      ...into.jsonnet,
      [field]: [...others, ...given.map((one) => ({ ...pair(one), ...(isCode && { code: true }) }))],
    }
  })
}

const placeFlags: SourceFlag[] = [
  text('--repo <url>', 'repository URL', sourceField('repoURL')),
  text('--path <path>', 'folder in the repository', sourceField('path')),
  text('--revision <revision>', 'branch, tag, commit or version range', sourceField('targetRevision')),
  text('--tag-prefix <prefix>', 'only tags that begin so count for a version range', sourceField('tagPrefix')),
  text('--ref <name>', 'name under which other sources read its files', sourceField('ref')),
]

const pluginFlags: SourceFlag[] = [
  text('--config-management-plugin <name>', 'plugin that renders it', (source, name) => {
    source.plugin = { ...source.plugin, name }
  }),
  texts('--plugin-env <name=value>', 'variable for the plugin', (source, given) => {
    const named = given.map(pair)
    const others = (source.plugin?.env ?? []).filter(({ name }) => !named.some((one) => one.name === name))
    source.plugin = { ...source.plugin, env: [...others, ...named] }
  }),
]

const sourceFlags = (): SourceFlag[] => [
  ...placeFlags,
  ...helmFlags,
  ...kustomizeFlags,
  ...directoryFlags,
  ...pluginFlags,
]

export const sourceOptions = () => sourceFlags().map(({ option }) => option)

function givenOf(flags: GivenFlags) {
  return sourceFlags().filter(({ option }) => flags[option.attributeName()] !== undefined)
}

export function namesSource(flags: GivenFlags): boolean {
  return givenOf(flags).length > 0
}

/** The source with every flag that was given put in. */
export function withSourceFlags(source: ApplicationSource, flags: GivenFlags): ApplicationSource {
  const result = structuredClone(source)
  for (const { option, apply } of givenOf(flags)) apply(result, flags[option.attributeName()] as never)
  return result
}

/** Which of several sources is meant: by its position, from 1, or its name. */
export function positionOf(
  sources: ApplicationSource[],
  { sourcePosition, sourceName }: { sourcePosition?: number; sourceName?: string },
): number | undefined {
  if (sourcePosition !== undefined) {
    if (sourcePosition >= 1 && sourcePosition <= sources.length) return sourcePosition - 1
    throw new CommandError(
      `there is no source at position ${sourcePosition}: there are ${sources.length}, counted from 1`,
      {
        code: exitCode.usage,
      },
    )
  }
  if (sourceName === undefined) return undefined
  const found = sources.findIndex(({ name }) => name === sourceName)
  if (found >= 0) return found
  const names = sources.flatMap(({ name }) => name ?? []).join(', ') || 'none has a name'
  throw new CommandError(`there is no source ${sourceName}: ${names}`, { code: exitCode.usage })
}
