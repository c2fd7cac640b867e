/** Desired objects with the marks by which they are found again. */
import { deepEqual } from 'fast-equals'
import { type KubeObject, type Manifest, type Tracking, track, trackingApplication, trackLike } from '../model/index.ts'

export interface Marking {
  instance: string
  tracking: Tracking
  live: LiveLike | undefined
  /** Somebody else has the object: its marks are left as they are. */
  isForeign?: boolean
  /** Marks of a method that was in force before are left until the object is written anyway. */
  lazily?: boolean
}

interface LiveLike {
  object: KubeObject
  instance: string | undefined
}

const forms = new WeakMap<KubeObject, Marking & { form: Manifest }>()

/** The form of an object stays the same object from look to look, so that what is remembered of it is found again. */
export function trackedForm(manifest: Manifest, marking: Marking): Manifest {
  const known = forms.get(manifest.object)
  if (known && isSame(known, marking)) return known.form
  const object = mark(manifest.object, marking)
  const same = known && deepEqual(known.form.object.metadata, object.metadata)
  const form = same ? known.form : { ...manifest, object }
  forms.set(manifest.object, { ...marking, form })
  return form
}

function isSame(one: Marking, other: Marking): boolean {
  return (
    one.instance === other.instance &&
    one.live === other.live &&
    one.tracking === other.tracking &&
    one.isForeign === other.isForeign &&
    one.lazily === other.lazily
  )
}

function mark(object: KubeObject, { instance, tracking, live, isForeign, lazily }: Marking): KubeObject {
  const wanted = track(object, instance, tracking)
  if (!live) return wanted
  const present = trackLike(object, live.object, instance, tracking)
  if (isForeign || (lazily && live.instance === instance)) return present
  // Marks that mean the same are not rewritten: Argo CD's name another namespace for cluster-scoped objects.
  const isMarked = trackingApplication(live.object, tracking) === instance && hasSameNames(present, wanted)
  return isMarked ? present : wanted
}

function hasSameNames({ metadata: one }: KubeObject, { metadata: other }: KubeObject): boolean {
  const names = (map: object = {}) => Object.keys(map).sort().join()
  return names(one.annotations) === names(other.annotations) && names(one.labels) === names(other.labels)
}
