/** `tiphys admin rbac can|validate`: what a policy permits, by the line that decides; and what is wrong with it. */
import { Command } from 'commander'
import type { AppProject } from '../../model/index.ts'
import { addConnectionFlags, type ConnectionFlags, withCluster } from '../connection.ts'
import { CommandError, exitCode } from '../exit-code.ts'
import { readText } from '../objects.ts'
import { projectsIn } from './settings-source.ts'

interface PolicyFlags extends ConnectionFlags {
  policyFile?: string
}

interface CanFlags extends PolicyFlags {
  defaultRole?: string
  quiet?: boolean
  strict: boolean
}

export function rbacCommand(): Command {
  return new Command('rbac')
    .description('what a policy permits, and what is wrong with it')
    .addCommand(can())
    .addCommand(validate())
}

function addPolicyFlags(command: Command): Command {
  return addConnectionFlags(command).option(
    '--policy-file <file>',
    'lines of a policy, or argocd-rbac-cm; otherwise argocd-rbac-cm of the cluster',
  )
}

/** Words of people for those of policies. */
const aliases: Record<string, string> = {
  account: 'accounts',
  app: 'applications',
  application: 'applications',
  applicationset: 'applicationsets',
  apps: 'applications',
  appset: 'applicationsets',
  appsets: 'applicationsets',
  cert: 'certificates',
  certificate: 'certificates',
  certs: 'certificates',
  cluster: 'clusters',
  extension: 'extensions',
  gpgkey: 'gpgkeys',
  key: 'gpgkeys',
  log: 'logs',
  proj: 'projects',
  project: 'projects',
  projs: 'projects',
  repo: 'repositories',
  repos: 'repositories',
  repository: 'repositories',
}

function can(): Command {
  return addPolicyFlags(new Command('can'))
    .description(
      'Yes or No, whether a role, user or group may do something, and the line that decides; ends with 1 for No',
    )
    .argument('<subject>', 'such as role:developer, or the name of a user or group')
    .argument('<action>', 'such as get, sync or action/apps/Deployment/restart')
    .argument('<resource>', 'such as applications')
    .argument('[object]', 'such as default/shop', '*')
    .option('--default-role <role>', 'in the place of policy.default')
    .option('-q, --quiet', 'print nothing: the exit code tells')
    .option('--no-strict', 'take words that no policy knows')
    .action(async (subject: string, action: string, word: string, object: string, flags: CanFlags) => {
      const resource = aliases[word] ?? word
      const [settings, switches, { Policy }, { policyOptions }, { actions, actionsOf }] = await Promise.all([
        readPolicy(flags),
        readSwitches(flags),
        import('../../access/rbac/policy.ts'),
        import('../../access/settings.ts'),
        import('../../access/rbac/words.ts'),
      ])
      if (flags.strict) mustBeKnown({ action, resource, actions, resources: Object.keys(actionsOf) })
      const projects = flags.policyFile ? new Map<string, AppProject>() : await projectsIn(flags)
      const policy = new Policy(
        { ...settings, ...(flags.defaultRole !== undefined && { 'policy.default': flags.defaultRole }) },
        policyOptions(switches, (name) => projects.get(name)),
      )
      const { allowed, line } = policy.enforcerFor({ subject, groups: [] }).may({ resource, action, object })
      if (!allowed) process.exitCode = exitCode.negative
      if (flags.quiet) return
      process.stdout.write(allowed ? 'Yes\n' : 'No\n')
      const why = line ? `${line.source}, line ${line.number}: ${line.text}` : 'no line is about it'
      process.stderr.write(`${why}\n`)
    })
}

interface Words {
  action: string
  resource: string
  actions: string[]
  resources: string[]
}

function mustBeKnown({ action, resource, actions, resources }: Words): void {
  const [verb = ''] = action.split('/')
  const unknown = !resources.includes(resource)
    ? `there is no resource ${resource}: it is one of ${resources.join(', ')}`
    : !actions.includes(verb)
      ? `there is no action ${verb}: it is one of ${actions.join(', ')}`
      : undefined
  if (unknown) throw new CommandError(`${unknown} (--no-strict asks all the same)`, { code: exitCode.usage })
}

function validate(): Command {
  return addPolicyFlags(new Command('validate'))
    .description('tell what is wrong in a policy; ends with 1 when a line has no effect')
    .action(async (flags: PolicyFlags) => {
      const [settings, { validatePolicy }] = await Promise.all([
        readPolicy(flags),
        import('../../access/rbac/validate.ts'),
      ])
      const problems = validatePolicy(settings)
      for (const { place, message, level } of problems) {
        process.stdout.write(`${level}: ${place.source}, line ${place.number}: ${message}\n  ${place.text}\n`)
      }
      const isWrong = problems.some(({ level }) => level === 'error')
      if (!isWrong) process.stdout.write('Policy is valid.\n')
      else process.exitCode = exitCode.negative
    })
}

async function readPolicy({ policyFile, ...flags }: PolicyFlags): Promise<Record<string, string>> {
  if (policyFile !== undefined) return policyIn(await readText(policyFile), policyFile)
  const { namespace } = flags
  const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-rbac-cm' }
  const found = await withCluster(flags, (client) => client.get(target))
  if (!found) throw new CommandError(`there is no ConfigMap argocd-rbac-cm in namespace ${namespace}`)
  return (found.data ?? {}) as Record<string, string>
}

/** argocd-cm, which may widen or narrow what lines mean. A policy in a file is read as an installation reads it that says nothing. */
async function readSwitches({ policyFile, ...flags }: PolicyFlags): Promise<Record<string, string>> {
  if (policyFile !== undefined) return {}
  const target = { group: '', version: 'v1', kind: 'ConfigMap', namespace: flags.namespace, name: 'argocd-cm' }
  const found = await withCluster(flags, (client) => client.get(target))
  return (found?.data ?? {}) as Record<string, string>
}

/** argocd-rbac-cm, or the lines by themselves. */
export async function policyIn(text: string, file: string): Promise<Record<string, string>> {
  if (!/^\s*(apiVersion|kind|metadata|data)\s*:/m.test(text) && !/^\s*\{/.test(text)) return { 'policy.csv': text }
  const { readYaml } = await import('../../manifest/yaml/read.ts')
  const documents = (await readYaml(text)).documents.map(
    ({ value }) => value as { kind?: string; data?: object } | null,
  )
  const map = documents.find((document) => document?.kind === 'ConfigMap')
  if (!map) throw new CommandError(`${file} holds neither lines of a policy nor a ConfigMap`)
  return (map.data ?? {}) as Record<string, string>
}
