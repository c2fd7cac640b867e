/** `tiphys migrate --check`: what an installation of Argo CD has that needs a thought before Tiphys takes it over. */
import { Command } from 'commander'
import type { KubeClient } from '../kube/kube-client.ts'
import { type Finding, type Level, takeOver } from '../migration/index.ts'
import type { KubeObject } from '../model/index.ts'
import { installationObjects, otherNamespaces } from './admin/installation.ts'
import { addConnectionFlags, type ConnectionFlags, withCluster } from './connection.ts'
import { CommandError, exitCode } from './exit-code.ts'
import { printJson } from './output.ts'

interface MigrateFlags extends ConnectionFlags {
  check?: boolean
  output: string
}

const headings: Record<Level, string> = {
  stop: 'To be stopped first, since two must not work on the same objects',
  lost: 'Without effect here',
  decide: 'For you to decide',
  differs: 'Works, in another way',
}

export function migrateCommand(): Command {
  return addConnectionFlags(new Command('migrate'))
    .description(
      'tell what an installation of Argo CD has that Tiphys does otherwise or not at all; nothing is changed, and nothing has to be. Ends with 1 where something is to be stopped or is lost',
    )
    .option('--check', 'look and tell: the only thing there is to do')
    .option('-o, --output <format>', 'text or json', 'text')
    .action(async ({ check, output, ...flags }: MigrateFlags) => {
      if (!check) {
        const message =
          'nothing has to be converted: tiphys migrate --check tells what to know before Tiphys is started'
        throw new CommandError(message, { code: exitCode.usage })
      }
      const { namespace } = flags
      const objects = await withCluster(flags, (client) => everything(client, namespace))
      const findings = takeOver(objects, namespace)
      process.stdout.write(output === 'json' ? printJson(findings) : textOf(findings, objects))
      if (findings.some(({ level }) => level === 'stop' || level === 'lost')) process.exitCode = exitCode.negative
    })
}

async function everything(client: KubeClient, namespace: string): Promise<KubeObject[]> {
  const others = await otherNamespaces(client, namespace, {})
  const objects = await installationObjects(client, { namespace, others })
  const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-notifications-cm' }
  const notifications = await client.get(target)
  if (notifications) objects.push({ ...notifications, kind: 'ConfigMap' })
  for (const kind of ['Deployment', 'StatefulSet']) {
    const resource = (await client.apiResources()).find('apps', kind)
    for await (const object of resource ? client.list(resource, { namespace }) : []) objects.push({ ...object, kind })
  }
  return objects
}

function textOf(findings: Finding[], objects: KubeObject[]): string {
  const count = (kind: string) => objects.filter((object) => object.kind === kind).length
  const seen = `${count('Application')} Applications, ${count('AppProject')} projects and ${count('ApplicationSet')} ApplicationSets were looked at`
  if (findings.length === 0) return `${seen}: nothing needs a thought.\n`
  const groups = (Object.keys(headings) as Level[]).flatMap((level) => {
    const lines = findings.filter((finding) => finding.level === level)
    if (lines.length === 0) return []
    return [`${headings[level]}:\n${lines.map(({ about, message }) => `  ${about}: ${message}\n`).join('')}`]
  })
  return `${groups.join('\n')}\n${seen}.\n`
}
