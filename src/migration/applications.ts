/** Applications and sets that use what is not here. Pure. */
import { type Application, type ApplicationSource, type KubeObject, sourcesOf } from '../model/index.ts'
import type { Finding } from './finding.ts'

export function applicationFindings(objects: KubeObject[]): Finding[] {
  return objects.flatMap((object) => {
    if (object.kind === 'Application') return ofApplication(object as Application)
    return object.kind === 'ApplicationSet' ? ofSet(object) : []
  })
}

function ofApplication({ metadata, spec }: Application): Finding[] {
  const about = `Application ${metadata.name}`
  const findings: Finding[] = sourcesOf(spec).flatMap((source) => ofSource(source, about))
  if ((spec as { sourceHydrator?: object }).sourceHydrator) {
    findings.push({
      level: 'lost',
      about,
      message: 'sourceHydrator is not run: give source, the branch that it writes',
    })
  }
  return findings
}

function ofSource({ plugin, kustomize }: ApplicationSource, about: string): Finding[] {
  const findings: Finding[] = []
  if (plugin) {
    const message = 'its source is rendered by a plugin, which is not run: render in the pipeline and commit the result'
    findings.push({ level: 'lost', about, message })
  }
  const { version } = (kustomize ?? {}) as { version?: string }
  if (version) {
    findings.push({
      level: 'differs',
      about,
      message: `kustomize.version ${version} has no effect: one version renders all`,
    })
  }
  return findings
}

/** By generator, the hosts that are not asked. */
const otherHosts: Record<string, string[]> = {
  scmProvider: ['bitbucket', 'bitbucketServer', 'azureDevOps', 'awsCodeCommit'],
  pullRequest: ['bitbucket', 'bitbucketServer', 'azuredevops'],
}

function ofSet({ metadata, spec }: KubeObject): Finding[] {
  const about = `ApplicationSet ${metadata.name}`
  const text = JSON.stringify((spec as { generators?: object[] } | undefined)?.generators ?? [])
  const findings: Finding[] = []
  if (text.includes('"clusterDecisionResource"')) {
    findings.push({ level: 'lost', about, message: 'the generator clusterDecisionResource is not there: use clusters' })
  }
  const options = ['appSecretName', 'caRef', 'insecure'].filter((option) => text.includes(`"${option}":`))
  if (options.length > 0) {
    const message = `${options.join(', ')} of a Git host is not there: name a token in tokenRef, and authorities in argocd-tls-certs-cm`
    findings.push({ level: 'lost', about, message })
  }
  if (text.includes('"api":') && text.includes('"tokenRef":')) {
    const message = 'its token is sent only to a host that applicationsetcontroller.allowed.scm.providers lists'
    findings.push({ level: 'decide', about, message })
  }
  for (const [generator, hosts] of Object.entries(otherHosts)) {
    const used = text.includes(`"${generator}"`) ? hosts.filter((host) => text.includes(`"${host}"`)) : []
    if (used.length > 0) {
      const message = `the generator ${generator} does not ask ${used.join(', ')}: a plugin generator may`
      findings.push({ level: 'lost', about, message })
    }
  }
  return findings
}
