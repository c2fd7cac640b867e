/** What to do so that a set has the applications that it means: a value, before anything is done. Pure. */
import type { Application, ApplicationSet } from '../model/index.ts'
import type { Policy } from './policy.ts'
import { type Form, formPatch, ownerOf, type Preserved, wantedForm } from './wanted-form.ts'

export interface PlanContext {
  set: ApplicationSet
  policy: Policy
  preserved: Preserved
  /** Whoever owns it. */
  live(name: string): Application | undefined
  /** The wanted form with fields that do not count as they are live. */
  settle?(live: Application, wanted: Form): Promise<Form>
}

export type Step =
  | { kind: 'none' }
  | { kind: 'create'; application: Application }
  | { kind: 'change'; live: Application; patch: object; wanted: Form }
  | { kind: 'refuse'; fault: string }

export async function stepFor(generated: Application, context: PlanContext): Promise<Step> {
  const { set, policy, settle } = context
  const { name, namespace } = generated.metadata
  const live = context.live(name)
  if (!live) {
    const { metadata, spec, operation } = wantedForm(generated, undefined, context)
    const whole = { ...generated, metadata: { name, ...(namespace && { namespace }), ...present(metadata) }, spec }
    return { kind: 'create', application: operation ? { ...whole, operation } : whole }
  }
  // It is made anew when it is gone.
  if (live.metadata.deletionTimestamp) return { kind: 'none' }
  const refusal = refusalOf(generated, live, set)
  if (refusal) return { kind: 'refuse', fault: refusal }
  if (!policy.updates) return { kind: 'none' }
  const meant = wantedForm(generated, live, context)
  const wanted = settle ? await settle(live, meant) : meant
  const patch = formPatch(live, wanted)
  return patch ? { kind: 'change', live, patch, wanted } : { kind: 'none' }
}

/** Whether an application that somebody else has made can become one of the set's. */
function refusalOf({ metadata, spec }: Application, live: Application, set: ApplicationSet): string | undefined {
  const owner = ownerOf(live)
  if (owner === set.metadata.name) return undefined
  if (owner !== undefined) {
    return `the application ${metadata.name} belongs to the ApplicationSet ${owner}: give it another name here, or take it out there`
  }
  const project = live.spec.project || 'default'
  if (project === spec.project) return undefined
  return `there is an application ${metadata.name} in the project ${project}, which is not taken over into ${spec.project}: give it another name, or delete that one`
}

function present(metadata: Form['metadata']) {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined))
}
