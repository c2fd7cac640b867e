/** What is searched of an application: written down once, and ahead of the first search where somebody looks at a list. */
import { type Application, sourcesOf } from '../../model/index.ts'
import { makeWay } from '../../process/fair-turn.ts'
import { destinationOf, type FacetContext, type FacetValues, facetValues } from './facets.ts'

/** By values that are others when the application or its cluster is another. */
const texts = new WeakMap<FacetValues, string>()

/** In small letters. */
export function searchText(application: Application, context: FacetContext): string {
  const values = facetValues(application, context)
  const known = texts.get(values)
  if (known !== undefined) return known
  const text = textOf(application, values)
  texts.set(values, text)
  return text
}

/** A few at a time: of thousands, together they would keep the first who searches waiting for a tenth of a second. */
export async function prepareSearch(applications: readonly Application[], context: FacetContext): Promise<void> {
  for (const application of applications) {
    await makeWay()
    searchText(application, context)
  }
}

function textOf(application: Application, { clusterNames, label }: FacetValues): string {
  const { metadata, spec } = application
  const sources = sourcesOf(spec).flatMap(({ repoURL, path, chart, targetRevision }) => [
    repoURL,
    path,
    chart,
    targetRevision,
  ])
  const { namespace } = destinationOf(application)
  return [metadata.name, metadata.namespace, spec.project, namespace, ...clusterNames, ...sources, ...label]
    .filter(Boolean)
    .join('\n')
    .toLowerCase()
}
