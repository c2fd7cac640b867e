/** The `clusters` generator: one set of parameters for each cluster that is known. */
import { annotation, type KubeObject } from '../../model/index.ts'
import { Fields, Flag, TextMap } from '../../model/schema.ts'
import { isEmptySelector, LabelSelector, labelMatcher } from '../label-selector.ts'
import type { Parameters } from '../parameters.ts'
import { normalizedName } from '../text/names.ts'
import { type Generator, type GeneratorContext, specReader, withValues } from './generator.ts'

const readSpec = specReader('clusters', Fields({ selector: LabelSelector, values: TextMap, flatList: Flag }))

const inCluster = { name: 'in-cluster', server: 'https://kubernetes.default.svc' }

export const clustersGenerator: Generator = {
  async parameters(spec, context) {
    const { selector = {}, values, flatList = false } = readSpec(spec)
    const matches = labelMatcher(selector)
    const secrets = context.inputs.clusterSecrets().filter(({ metadata }) => matches(metadata.labels ?? {}))
    const byName = new Map(secrets.map((secret) => [decoded(secret, 'name'), secret]))
    const named = [...byName].sort(([one], [other]) => (one < other ? -1 : 1))
    const found = named.map(([, secret]) => parametersOf(secret, context))
    const isListed = secrets.some((secret) => decoded(secret, 'server') === inCluster.server)
    // It has no labels that a selector could mean.
    if (isEmptySelector(selector) && !isListed)
      found.push({ ...inCluster, nameNormalized: inCluster.name, project: '' })
    const clusters = found.map((parameters) => withValues(parameters, values, context))
    return flatList ? [{ clusters }] : clusters
  },
}

function parametersOf(secret: KubeObject, { filler }: GeneratorContext): Parameters {
  const { labels = {}, annotations: all = {} } = secret.metadata
  // The whole Secret may stand in it, token and all.
  const { [annotation.lastApplied]: _lastApplied, ...annotations } = all
  const name = decoded(secret, 'name')
  const parameters: Parameters = {
    name,
    nameNormalized: normalizedName(name),
    server: decoded(secret, 'server'),
    project: decoded(secret, 'project'),
  }
  if (filler.isGoTemplate) {
    const isThere = (texts: object) => Object.keys(texts).length > 0
    return {
      ...parameters,
      metadata: { ...(isThere(labels) && { labels }), ...(isThere(annotations) && { annotations }) },
    }
  }
  for (const [key, value] of Object.entries(labels)) parameters[`metadata.labels.${key}`] = value
  for (const [key, value] of Object.entries(annotations)) parameters[`metadata.annotations.${key}`] = value
  return parameters
}

function decoded({ data }: KubeObject, key: string): string {
  const value = (data as Record<string, string> | undefined)?.[key]
  return value === undefined ? '' : Buffer.from(value, 'base64').toString('utf8')
}
