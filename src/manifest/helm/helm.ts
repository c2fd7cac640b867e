/** A Helm chart, rendered by `helm template` as Argo CD calls it. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { HelmSource, Manifest } from '../../model/index.ts'
import { plainVersion } from '../build-environment.ts'
import { readDocuments } from '../documents.ts'
import type { RenderWork } from '../renderer.ts'
import { inWorkspace, type Workspace } from '../workspace.ts'
import { writeJson } from '../yaml/write.ts'
import { fileArgument, valueFileArguments } from './value-files.ts'

export async function renderHelm(work: RenderWork): Promise<{ manifests: Manifest[]; warnings: string[] }> {
  const { limits, request } = work
  const tool = await work.tools.helm()
  const options = request.signal ? { limits, signal: request.signal } : { limits }
  const output = await inWorkspace(options, async (workspace) => {
    await work.tree.materialise([work.path], workspace.files)
    const cwd = join(workspace.files, work.path)
    return workspace.run(tool, ['template', '.', ...(await templateArguments(work, workspace))], { cwd })
  })
  return readDocuments(output, { place: `output of helm template for ${work.path || (work.source.chart ?? '.')}` })
}

async function templateArguments(work: RenderWork, workspace: Workspace): Promise<string[]> {
  const { source, request, environment } = work
  const helm = source.helm ?? {}
  const kubeVersion = helm.kubeVersion || environment.get('KUBE_VERSION')
  const apiVersions = helm.apiVersions?.length ? helm.apiVersions : environment.get('KUBE_API_VERSIONS').split(',')
  return [
    ...['--name-template', helm.releaseName || request.application.name],
    ...['--namespace', helm.namespace || request.application.destinationNamespace],
    ...(kubeVersion ? ['--kube-version', plainVersion(kubeVersion)] : []),
    ...(await parameterArguments(work, helm, workspace)),
    ...(await valueArguments(work, helm, workspace)),
    ...apiVersions.filter((version) => version !== '').flatMap((version) => ['--api-versions', version]),
    ...(helm.skipCrds ? [] : ['--include-crds']),
    ...(helm.skipSchemaValidation ? ['--skip-schema-validation'] : []),
    ...(helm.skipTests ? ['--skip-tests'] : []),
  ]
}

async function parameterArguments(work: RenderWork, helm: HelmSource, workspace: Workspace): Promise<string[]> {
  const args: string[] = []
  for (const { name = '', value = '', forceString } of helm.parameters ?? []) {
    args.push(forceString ? '--set-string' : '--set', `${name}=${escapeCommas(work.environment.substitute(value))}`)
  }
  for (const { name = '', path = '' } of helm.fileParameters ?? []) {
    const file = await fileArgument(work, workspace, work.environment.substitute(path))
    args.push('--set-file', `${name}=${escapeCommas(file)}`)
  }
  return args
}

/** A comma would begin the next parameter; within braces it separates the items of a list. */
function escapeCommas(value: string): string {
  return value.startsWith('{') && value.endsWith('}')
    ? value
    : value.replace(/(^|[^\\]),/g, '$1\\,').replace(/(^|[^\\]),/g, '$1\\,')
}

/** `valuesObject` replaces `values`; both stand above every file. */
async function valueArguments(work: RenderWork, helm: HelmSource, workspace: Workspace): Promise<string[]> {
  const args = await valueFileArguments(work, helm, workspace)
  const hasObject = helm.valuesObject !== undefined && helm.valuesObject !== null
  const values = hasObject ? writeJson(helm.valuesObject) : work.environment.substitute(helm.values ?? '')
  if (values === '') return args
  const file = join(await workspace.beside('values'), 'values.yaml')
  await writeFile(file, values)
  return [...args, '--values', file]
}
