/** `tiphys order`: the steps of a sync of the objects in files, with no cluster. */
import { Command, Option } from 'commander'
import { type KubeObject, keyOf, keyText, type Manifest } from '../model/index.ts'
import type { SyncPlan, SyncStep } from '../sync/index.ts'
import { readObjects } from './objects.ts'
import { type Listing, type OutputFormat, parseOutputFormat, printListing } from './output.ts'

interface OrderFlags {
  namespace?: string
  live?: string[]
  syncOption?: string[]
  output: OutputFormat
}

interface OrderLine {
  /** What has the same number is done at once. */
  step: number
  phase: string
  wave: number
  action: SyncStep['verb']
  group: string
  kind: string
  namespace: string
  name: string
}

const collect = (value: string, previous: string[] = []) => [...previous, value]

export function orderCommand(): Command {
  return new Command('order')
    .argument('<files...>', 'files with what Git declares; "-" reads standard input')
    .option('--namespace <namespace>', 'for objects that name none; cluster-scoped kinds are left as they are')
    .option('--live <file>', 'objects of the application that are there: what the files lack is pruned', collect)
    .option('--sync-option <option>', 'sync option such as PruneLast=true', collect)
    .addOption(
      new Option('-o, --output <format>', 'json, yaml, wide or name').default('table').argParser(parseOutputFormat),
    )
    .action(async (files: string[], flags: OrderFlags) => {
      // Loaded only here: the other commands start faster.
      const { planSync } = await import('../sync/index.ts')
      const [desired, live] = await Promise.all([readObjects(files), readObjects(flags.live ?? [])])
      const plan = planSync({
        instanceName: '',
        instanceOf: () => '',
        mark: (object) => object,
        manifests: lastOfEach(desired.map((object) => placed(object, flags.namespace))),
        live: live.map((object) => placed(object, flags.namespace)),
        operation: { prune: true },
        syncOptions: flags.syncOption ?? [],
        ...(flags.namespace && { destinationNamespace: flags.namespace }),
        revision: '',
        startedAt: '1970-01-01T00:00:00Z',
      })
      process.stdout.write(printListing(listingOf(linesOf(plan)), flags.output))
    })
}

/** Kinds of Kubernetes itself that have no namespace; others are taken for namespaced, as most are. */
const clusterScoped =
  /^(Namespace|Node|PersistentVolume|CustomResourceDefinition|APIService|ClusterRole|ClusterRoleBinding|StorageClass|PriorityClass|RuntimeClass|IngressClass|CSIDriver|VolumeAttachment|PodSecurityPolicy|ValidatingWebhookConfiguration|MutatingWebhookConfiguration|ValidatingAdmissionPolicy|ValidatingAdmissionPolicyBinding)$/

/** A name that the server would make up is shown as far as it is known. */
function placed(object: KubeObject, namespace: string | undefined): KubeObject {
  const { metadata } = object
  const name = metadata.name || (metadata.generateName ?? '')
  const home = metadata.namespace ?? (clusterScoped.test(object.kind) ? undefined : namespace)
  return { ...object, metadata: { ...metadata, name, ...(home && { namespace: home }) } }
}

/** Of an object that is declared twice, the last counts. */
function lastOfEach(objects: KubeObject[]): Manifest[] {
  return [...new Map(objects.map((object) => [keyText(keyOf(object)), { object }])).values()]
}

export function linesOf({ namespace, waves, onFailure }: SyncPlan): OrderLine[] {
  const groups = [
    ...(namespace ? [[namespace]] : []),
    ...[...waves, ...onFailure].flatMap(({ prune, groups }) => [...(prune.length > 0 ? [prune] : []), ...groups]),
  ]
  return groups.flatMap((steps: SyncStep[], index) => steps.map((step) => lineOf(step, index + 1)))
}

function lineOf({ verb, target, phase, wave }: SyncStep, step: number): OrderLine {
  const { group, kind, namespace, name } = target
  return { step, phase, wave, action: verb, group, kind, namespace, name }
}

function listingOf(rows: OrderLine[]): Listing<OrderLine> {
  const kindText = ({ group, kind }: OrderLine) => (group ? `${kind}.${group}` : kind)
  const nameText = ({ namespace, name }: OrderLine) => [namespace, name].filter(Boolean).join('/')
  return {
    rows,
    document: rows,
    name: (line) => `${kindText(line)} ${nameText(line)}`,
    columns: [
      { title: 'STEP', cell: ({ step }) => String(step) },
      { title: 'PHASE', cell: ({ phase }) => phase },
      { title: 'WAVE', cell: ({ wave }) => String(wave) },
      { title: 'ACTION', cell: ({ action }) => action },
      { title: 'KIND', cell: kindText },
      { title: 'NAME', cell: nameText },
    ],
  }
}
