/** The ApplicationSet as the API shows it. Its definition leaves open what this describes, for who writes one. */
import { type ApplicationSet as ApplicationSetKind, applicationSetSchema } from '../model/index.ts'
import { Fields, Flag, Integer, Text, TextMap, Texts, Type } from '../model/schema.ts'
import { ApplicationSpec } from './application-kinds.ts'
import { describedKind, named } from './named.ts'

const generatorName = 'v1alpha1ApplicationSetGenerator'
const Nested = Type.Array(Type.Unsafe<object>({ $ref: `#/components/schemas/${generatorName}` }))

const Open = Type.Unsafe<object>({ type: 'object' })
const Selector = Fields({
  matchLabels: TextMap,
  matchExpressions: Type.Array(Fields({ key: Text, operator: Text, values: Texts })),
})
const FilePath = Fields({ path: Text, exclude: Flag })
const SecretKey = Fields({ secretName: Text, key: Text })
/** What any generator takes. */
const common = { template: Open, values: TextMap }

const Generator = named(
  generatorName,
  Fields({
    list: Fields({ elements: Type.Array(Open), elementsYaml: Text, template: Open }),
    clusters: Fields({ selector: Selector, flatList: Flag, ...common }),
    git: Fields({
      repoURL: Text,
      revision: Text,
      directories: Type.Array(FilePath),
      files: Type.Array(FilePath),
      pathParamPrefix: Text,
      requeueAfterSeconds: Integer,
      ...common,
    }),
    scmProvider: Fields({
      cloneProtocol: Text,
      filters: Type.Array(
        Fields({
          repositoryMatch: Text,
          branchMatch: Text,
          labelMatch: Text,
          pathsExist: Texts,
          pathsDoNotExist: Texts,
        }),
      ),
      requeueAfterSeconds: Integer,
      ...hosts('github', 'gitlab', 'gitea', 'bitbucket', 'bitbucketServer', 'azureDevOps', 'awsCodeCommit'),
      ...common,
    }),
    pullRequest: Fields({
      filters: Type.Array(Fields({ branchMatch: Text, targetBranchMatch: Text, titleMatch: Text })),
      requeueAfterSeconds: Integer,
      continueOnRepoNotFoundError: Flag,
      ...hosts('github', 'gitlab', 'gitea', 'bitbucket', 'bitbucketServer', 'azuredevops'),
      ...common,
    }),
    clusterDecisionResource: Fields({
      configMapRef: Text,
      name: Text,
      labelSelector: Selector,
      requeueAfterSeconds: Integer,
      ...common,
    }),
    plugin: Fields({
      configMapRef: Fields({ name: Text }),
      input: Fields({ parameters: Open }),
      requeueAfterSeconds: Integer,
      ...common,
    }),
    matrix: Fields({ generators: Nested, template: Open }),
    merge: Fields({ generators: Nested, mergeKeys: Texts, template: Open }),
    selector: Selector,
  }),
)

/** Each host has fields of its own; what all know is who is asked, and with which token. */
function hosts(...names: string[]) {
  const Host = Type.Unsafe<object>({
    ...Fields({
      api: Text,
      organization: Text,
      owner: Text,
      repo: Text,
      group: Text,
      project: Text,
      tokenRef: SecretKey,
    }),
    additionalProperties: true,
  })
  return Object.fromEntries(names.map((name) => [name, Host]))
}

const { spec, status } = applicationSetSchema.properties
const describedSpec = {
  ...spec,
  properties: {
    ...spec.properties,
    generators: Type.Array(Generator),
    template: {
      ...spec.properties.template,
      properties: { ...spec.properties.template.properties, spec: ApplicationSpec },
    },
  },
}

export const ApplicationSet = describedKind<ApplicationSetKind>('v1alpha1ApplicationSet', {
  spec: describedSpec,
  status,
})
