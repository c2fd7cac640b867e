/** The CustomResourceDefinitions of our kinds, made from the same schemas that check them. */
import { appProjectSchema } from './app-project.ts'
import { applicationSchema } from './application.ts'
import { applicationSetSchema } from './application-set.ts'
import { imageUpdaterGroup, imageUpdaterSchema } from './image-updater.ts'
import type { KubeObject } from './kube-object.ts'
import type { TSchema } from './schema.ts'

interface Column {
  name: string
  type: string
  jsonPath: string
  priority?: number
}

interface Definition {
  /** `argoproj.io` unless given. */
  group?: string
  kind: string
  plural: string
  shortNames: string[]
  schema: TSchema
  columns: Column[]
  /** The status is written apart from the rest. */
  hasStatus?: true
}

const definitions: Definition[] = [
  {
    kind: 'Application',
    plural: 'applications',
    shortNames: ['app', 'apps'],
    schema: applicationSchema,
    columns: [
      { name: 'Sync Status', type: 'string', jsonPath: '.status.sync.status' },
      { name: 'Health Status', type: 'string', jsonPath: '.status.health.status' },
      { name: 'Revision', type: 'string', jsonPath: '.status.sync.revision', priority: 10 },
      { name: 'Project', type: 'string', jsonPath: '.spec.project', priority: 10 },
    ],
  },
  {
    kind: 'AppProject',
    plural: 'appprojects',
    shortNames: ['appproj', 'appprojs'],
    schema: appProjectSchema,
    columns: [],
  },
  {
    kind: 'ApplicationSet',
    plural: 'applicationsets',
    shortNames: ['appset', 'appsets'],
    schema: applicationSetSchema,
    columns: [],
    hasStatus: true,
  },
  {
    group: imageUpdaterGroup,
    kind: 'ImageUpdater',
    plural: 'imageupdaters',
    shortNames: [],
    schema: imageUpdaterSchema,
    columns: [
      { name: 'Apps', type: 'integer', jsonPath: '.status.applicationsMatched' },
      { name: 'Images', type: 'integer', jsonPath: '.status.imagesManaged' },
      { name: 'Last Checked', type: 'date', jsonPath: '.status.lastCheckedAt' },
      { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    ],
    hasStatus: true,
  },
]

export function customResourceDefinitions(): KubeObject[] {
  return definitions.map(definitionObject)
}

function definitionObject(definition: Definition): KubeObject {
  const { group = 'argoproj.io', kind, plural, shortNames, schema, columns, hasStatus } = definition
  const singular = kind.toLowerCase()
  const { properties = {}, required = [] } = structural(schema)
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      labels: { 'app.kubernetes.io/name': `${plural}.${group}`, 'app.kubernetes.io/part-of': 'argocd' },
    },
    spec: {
      group,
      names: { kind, listKind: `${kind}List`, plural, singular, ...(shortNames.length > 0 && { shortNames }) },
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          ...(columns.length > 0 && { additionalPrinterColumns: columns }),
          ...(hasStatus && { subresources: { status: {} } }),
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                apiVersion: { type: 'string' },
                kind: { type: 'string' },
                metadata: { type: 'object' },
                ...properties,
              },
              required: ['metadata', ...required],
            },
          },
        },
      ],
    },
  }
}

type StructuralSchema = Record<string, unknown> & { properties?: Record<string, unknown>; required?: string[] }

/** A structural schema knows no patternProperties and no unions of types; ours use them only where this can say the same. */
function structural(schema: object): StructuralSchema {
  const node = schema as Record<string, unknown>
  if (Array.isArray(node.anyOf) && !node['x-kubernetes-int-or-string']) {
    const words = (node.anyOf as { const: unknown }[]).map((option) => option.const)
    return { type: 'string', enum: words }
  }
  const result: StructuralSchema = {}
  for (const [key, value] of Object.entries(node)) {
    if (key === 'properties') {
      const entries = Object.entries(value as Record<string, object>)
      // A server leaves an empty list of them out, and whoever applies it again would seem to want something else.
      if (entries.length === 0) continue
      result.properties = Object.fromEntries(entries.map(([name, field]) => [name, structural(field)]))
    } else if (key === 'patternProperties') {
      const [values] = Object.values(value as Record<string, object>)
      result.additionalProperties = values ? structural(values) : true
    } else if (key === 'items') {
      result.items = structural(value as object)
    } else {
      result[key] = value
    }
  }
  return result
}
