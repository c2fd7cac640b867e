/** The guided tour: seven things that happen in a GitOps world, each told, done and checked. */
import { setTimeout as sleep } from 'node:timers/promises'
import { rollbackOf } from '../cli/application/rollback.ts'
import { type Application, annotation, type FieldDrift, type KubeObject, type Operation } from '../model/index.ts'
import type { DemoEnvironment } from './demo-environment.ts'

type Print = (text: string) => void

/** What a step does not show in this time, it does not show. */
const patienceMs = 30_000

class Tour {
  readonly demo: DemoEnvironment
  readonly #print: Print
  #step = 0

  constructor(demo: DemoEnvironment, print: Print) {
    this.demo = demo
    this.#print = print
  }

  begin(title: string): void {
    this.#print(`\n${++this.#step}. ${title}\n`)
  }

  tell(text: string): void {
    this.#print(`   ${text}\n`)
  }

  application(name: string): Application {
    const found = this.demo.tiphys.applications().find(({ metadata }) => metadata.name === name)
    if (!found) throw new Error(`there is no application ${name}`)
    return found
  }

  /** Resolves to how long it took, in milliseconds. */
  async until(what: string, isSo: () => boolean, limitMs = patienceMs): Promise<number> {
    const started = performance.now()
    while (!isSo()) {
      if (performance.now() - started > limitMs) {
        throw new Error(`${what}: not within ${limitMs / 1000} s\n${this.#states()}`)
      }
      await sleep(5)
    }
    return performance.now() - started
  }

  #states(): string {
    return this.demo.tiphys
      .applications()
      .map(({ metadata, status }) => {
        const problem = status?.conditions?.[0]?.message ?? status?.operationState?.message ?? ''
        return `     ${metadata.name}: ${status?.sync?.status} ${status?.health?.status} ${status?.health?.message ?? ''} ${problem}`
      })
      .join('\n')
  }

  isDone(name: string, revision?: string): boolean {
    const { status, operation } = this.application(name)
    const right = revision === undefined || status?.sync?.revision === revision
    const idle = !operation && status?.operationState?.phase === 'Succeeded'
    return right && idle && status?.sync?.status === 'Synced' && status.health?.status === 'Healthy'
  }

  /** The drifts found at the last look at an application, with the object they are on. */
  drifts(name: string): { object: string; field: FieldDrift }[] {
    const resources = this.demo.tiphys.controller.observation(name)?.resources ?? []
    return resources.flatMap(({ key, verdict }) =>
      verdict.kind === 'changed' ? verdict.fields.map((field) => ({ object: `${key.kind} ${key.name}`, field })) : [],
    )
  }

  web(): Promise<KubeObject | undefined> {
    return this.demo.tiphys.client.get(deployment)
  }
}

const deployment = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'storefront', name: 'web' }
const goodImage = 'registry.example.com/storefront/web:1.0.0'
const newImage = 'registry.example.com/storefront/web:1.1.0'
const brokenImage = 'registry.example.com/storefront/web-missing:1.2.0'

/** Resolves to `failed` when a step did not show what it says. */
export async function runTour(demo: DemoEnvironment, print: Print): Promise<'passed' | 'failed'> {
  const tour = new Tour(demo, print)
  const started = performance.now()
  try {
    for (const step of [firstDeploy, drift, heal, newVersion, brokenVersion, rollback, prune]) await step(tour)
  } catch (error) {
    print(`\n   FAILED: ${error instanceof Error ? error.message : String(error)}\n`)
    return 'failed'
  }
  print(`\nAll seven steps have shown what they say, in ${seconds(performance.now() - started)}.\n`)
  return 'passed'
}

function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

async function firstDeploy(tour: Tour): Promise<void> {
  const names = tour.demo.tiphys.applications().map(({ metadata }) => metadata.name)
  tour.begin(
    `First deploy: ${names.length} applications from one Git repository, by plain YAML, Helm, Kustomize and Jsonnet.`,
  )
  const took = await tour.until('all applications Synced and Healthy', () => names.every((name) => tour.isDone(name)))
  for (const name of names.sort()) {
    const { status } = tour.application(name)
    tour.tell(
      `${name.padEnd(12)} ${status?.sync?.status}, ${status?.health?.status}: ${status?.resources?.length} resources from ${status?.sourceType}`,
    )
  }
  tour.tell(`All Synced and Healthy after ${seconds(took)}.`)
}

async function drift(tour: Tour): Promise<void> {
  tour.begin('Somebody edits a Deployment by hand: replicas from 2 to 5, while self-heal is off.')
  await setPolicy(tour, { automated: null })
  await tour.demo.tiphys.client.patch(
    deployment,
    { spec: { replicas: 5 } },
    { type: 'strategic', fieldManager: 'kubectl-edit' },
  )
  const took = await tour.until('OutOfSync', () => tour.application('storefront').status?.sync?.status === 'OutOfSync')
  if (took > 1000) throw new Error(`OutOfSync took ${seconds(took)}, more than a second`)
  const found = tour.drifts('storefront').find(({ field }) => field.path === 'spec.replicas')
  if (!found) throw new Error('the drift on spec.replicas was not found')
  const { object, field } = found
  if (field.author?.manager !== 'kubectl-edit' || !field.author.time)
    throw new Error('the author of the drift is not known')
  tour.tell(`OutOfSync after ${seconds(took)}.`)
  tour.tell(`${object}, field ${field.path}: ${JSON.stringify(field.live)} instead of ${JSON.stringify(field.desired)}`)
  tour.tell(`changed by ${field.author.manager} (${field.author.operation}) at ${field.author.time}`)
}

async function heal(tour: Tour): Promise<void> {
  tour.begin('It is healed: automated sync with selfHeal is switched on again.')
  await setPolicy(tour, { automated: { prune: true, selfHeal: true } })
  const took = await tour.until('healed', () => tour.isDone('storefront'))
  const replicas = ((await tour.web())?.spec as { replicas?: number } | undefined)?.replicas
  if (replicas !== 2) throw new Error(`the Deployment has ${replicas} replicas, not 2`)
  tour.tell(`Synced and Healthy again after ${seconds(took)}, with ${replicas} replicas.`)
}

async function newVersion(tour: Tour): Promise<void> {
  tour.begin('A commit brings a new version: web 1.1.0.')
  const revision = await commitImage(tour, 'Update web to 1.1.0', [goodImage, newImage])
  const took = await tour.until('deployed', () => tour.isDone('storefront', revision))
  if (imageOf(await tour.web()) !== newImage) throw new Error('the Deployment does not run the new image')
  tour.tell(`${revision.slice(0, 7)} is deployed and Healthy ${seconds(took)} after the push.`)
}

async function brokenVersion(tour: Tour): Promise<void> {
  tour.begin('The next version is broken: its image cannot be pulled.')
  const revision = await commitImage(tour, 'Update web to 1.2.0', [newImage, brokenImage])
  const isTold = () => {
    const { sync, health } = tour.application('storefront').status ?? {}
    return sync?.revision === revision && /ErrImagePull|ImagePullBackOff/.test(health?.message ?? '')
  }
  const took = await tour.until('the reason is told', isTold)
  tour.tell(
    `${revision.slice(0, 7)} is deployed. ${seconds(took)} after the push the reason why it does not get ready is known.`,
  )
  const degraded = () => isTold() && tour.application('storefront').status?.health?.status === 'Degraded'
  await tour.until('Degraded with the reason', degraded)
  tour.tell(`Degraded once the Deployment's progress deadline (5 s in this sample) has passed:`)
  tour.tell(tour.application('storefront').status?.health?.message ?? '')
}

async function rollback(tour: Tour): Promise<void> {
  tour.begin('Rollback to the version before. Automated sync stays on: the application is pinned.')
  const { operation, pin } = rollbackOf(tour.application('storefront'), {}, { username: 'tour', now: new Date() })
  await setPin(tour, JSON.stringify(pin), operation)
  const took = await tour.until('rolled back', () => {
    const { status, operation: waiting } = tour.application('storefront')
    return !waiting && status?.health?.status === 'Healthy' && status.operationState?.phase === 'Succeeded'
  })
  if (imageOf(await tour.web()) !== newImage)
    throw new Error('the Deployment does not run the image of the version before')
  tour.tell(`Healthy again after ${seconds(took)}, on ${operation.sync?.revision?.slice(0, 7)}.`)
  const pinned = () => tour.application('storefront').status?.conditions?.find(({ type }) => type === 'PinnedWarning')
  await tour.until('the pin is shown', () => pinned() !== undefined)
  tour.tell(pinned()?.message ?? '')
}

async function setPin(tour: Tour, pin: string | null, operation?: Operation): Promise<void> {
  const patch = { metadata: { annotations: { [annotation.pin]: pin } }, ...(operation && { operation }) }
  await tour.demo.tiphys.client.patch(target('storefront'), patch, { type: 'merge' })
}

async function prune(tour: Tour): Promise<void> {
  tour.begin('An object is removed in Git (and the broken version reverted), and the pin lifted: it is pruned.')
  const { repository } = tour.demo
  const config = await repository.read('storefront/config.yaml')
  const [kept = ''] = config.split('---\n')
  const manifest = (await repository.read('storefront/deployment.yaml')).replace(brokenImage, newImage)
  const files = { 'storefront/config.yaml': kept, 'storefront/deployment.yaml': manifest }
  const revision = await repository.commit('Remove the banner, revert web to 1.1.0', files)
  await setPin(tour, null)
  const took = await tour.until('pruned', () => tour.isDone('storefront', revision))
  const banner = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'storefront', name: 'banner' }
  if (await tour.demo.tiphys.client.get(banner)) throw new Error('the ConfigMap banner is still there')
  tour.tell(`ConfigMap banner is gone, and the application Synced and Healthy, after ${seconds(took)}.`)
}

function target(name: string) {
  return { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', namespace: 'argocd', name }
}

async function setPolicy(tour: Tour, syncPolicy: object): Promise<void> {
  const { resourceVersion } = (
    await tour.demo.tiphys.client.patch(target('storefront'), { spec: { syncPolicy } }, { type: 'merge' })
  ).metadata
  const seen = () => Number(tour.application('storefront').metadata.resourceVersion) >= Number(resourceVersion)
  await tour.until('the policy is seen', seen)
}

async function commitImage(tour: Tour, message: string, [from, to]: [string, string]): Promise<string> {
  const file = 'storefront/deployment.yaml'
  const text = await tour.demo.repository.read(file)
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`)
  return tour.demo.repository.commit(message, { [file]: text.replace(from, to) })
}

function imageOf(object: KubeObject | undefined): string | undefined {
  const spec = object?.spec as { template?: { spec?: { containers?: { image?: string }[] } } } | undefined
  return spec?.template?.spec?.containers?.[0]?.image
}
