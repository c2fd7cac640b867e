/** A Helm chart, rendered by `helm template` as Argo CD calls it. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type HelmSource, type Manifest, stringifyJson } from '../../model/index.ts'
import { plainVersion } from '../build-environment.ts'
import { readDocuments } from '../documents.ts'
import type { RenderWork } from '../renderer.ts'
import { inWorkspace, type Workspace } from '../workspace.ts'
import { asksForApiVersions } from './capabilities.ts'
import { addDependencies } from './dependencies.ts'
import { templateOrigin } from './template-origin.ts'
import { fileArgument, valueFileArguments } from './value-files.ts'

export async function renderHelm(work: RenderWork): Promise<{ manifests: Manifest[]; warnings: string[] }> {
  const { limits, request, path } = work
  const tool = await work.tools.helm()
  const options = request.signal ? { limits, signal: request.signal } : { limits }
  const output = await inWorkspace(options, async (workspace) => {
    await work.tree.materialise([path], workspace.files)
    const cwd = join(workspace.files, path)
    await addDependencies(work, { workspace, chart: cwd })
    return workspace.run(tool, ['template', '.', ...(await templateArguments(work, workspace))], { cwd })
  })
  return readDocuments(output, templateOrigin(output, path))
}

async function templateArguments(work: RenderWork, workspace: Workspace): Promise<string[]> {
  const { source, request, environment, path } = work
  const helm = source.helm ?? {}
  const kubeVersion = helm.kubeVersion || environment.get('KUBE_VERSION')
  return [
    ...['--name-template', helm.releaseName || request.application.name],
    ...['--namespace', helm.namespace || request.application.destinationNamespace],
    ...(kubeVersion ? ['--kube-version', plainVersion(kubeVersion)] : []),
    ...(await parameterArguments(work, helm, workspace)),
    ...(await valueArguments(work, helm, workspace)),
    ...(await apiVersionArguments(work, helm, join(workspace.files, path))),
    ...(helm.skipCrds ? [] : ['--include-crds']),
    ...(helm.skipSchemaValidation ? ['--skip-schema-validation'] : []),
    ...(helm.skipTests ? ['--skip-tests'] : []),
  ]
}

/** Every new CRD changes the list, so that it only counts as an input where a chart can see it. */
async function apiVersionArguments({ environment }: RenderWork, helm: HelmSource, chart: string): Promise<string[]> {
  const name = 'KUBE_API_VERSIONS'
  const matters = !helm.apiVersions?.length && (await asksForApiVersions(chart))
  const known = matters ? environment.get(name) : environment.peek(name)
  const versions = helm.apiVersions?.length ? helm.apiVersions : known.split(',')
  return versions.filter((version) => version !== '').flatMap((version) => ['--api-versions', version])
}

async function parameterArguments(work: RenderWork, helm: HelmSource, workspace: Workspace): Promise<string[]> {
  const args: string[] = []
  for (const { name = '', value = '', forceString } of helm.parameters ?? []) {
    args.push(forceString ? '--set-string' : '--set', `${name}=${escapeCommas(work.environment.substitute(value))}`)
  }
  for (const { name = '', path = '' } of helm.fileParameters ?? []) {
    args.push('--set-file', `${name}=${escapeCommas(await fileArgument(work, workspace, path))}`)
  }
  return args
}

/** A comma would begin the next parameter; within braces it separates the items of a list. */
export function escapeCommas(value: string): string {
  return value.startsWith('{') && value.endsWith('}') ? value : value.replace(/(?<!\\),/g, '\\,')
}

/** `valuesObject` replaces `values`; both stand above every file. */
async function valueArguments(work: RenderWork, helm: HelmSource, workspace: Workspace): Promise<string[]> {
  const args = await valueFileArguments(work, helm, workspace)
  const hasObject = helm.valuesObject !== undefined && helm.valuesObject !== null
  const values = hasObject ? stringifyJson(helm.valuesObject) : (helm.values ?? '')
  if (values === '') return args
  const file = join(await workspace.beside('values'), 'values.yaml')
  await writeFile(file, values)
  return [...args, '--values', file]
}
