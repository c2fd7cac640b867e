/** What registries tell of pushes, whichever replica they tell: the one that keeps the images is told by an annotation. */
import { imageKey } from '../image/index.ts'
import type { ControlPlane } from '../live/index.ts'
import { type Application, annotation, messageOf } from '../model/index.ts'

export interface ImagePushesOptions {
  controlPlane: Pick<ControlPlane, 'applications' | 'patch'>
  instanceOf(application: Application): string
  /** What it follows, whoever keeps its images. */
  imagesOf(application: Application): { registry: string; repository: string }[]
  areOurs(): boolean
  lookAnew(instance: string): void
  clock: { now(): number }
  log: { warn(fields: object, message: string): void }
}

export interface ImagePushes {
  /** Somebody has pushed an image: the applications that follow it are looked at now. */
  pushed(image: { registry: string; repository: string }): void
  /** There is a new version of an application, or its images have come to us: another replica may have left word. */
  heed(application: Application): void
}

export function openImagePushes(options: ImagePushesOptions): ImagePushes {
  const { controlPlane, instanceOf, imagesOf, areOurs, lookAnew, clock, log } = options
  /** Instance → the last word that was heard; each is heeded once, however long it takes to go. */
  const heard = new Map<string, string>()

  function write(instance: string, value: string | null): void {
    const patch = { metadata: { annotations: { [annotation.imagePushed]: value } } }
    controlPlane.patch(instance, patch).catch((error: unknown) => {
      const fields = { application: instance, error: messageOf(error) }
      log.warn(fields, 'whoever keeps the images could not be told of a push')
    })
  }

  return {
    pushed(image) {
      const key = imageKey(image)
      const concerned = controlPlane
        .applications()
        .filter((one) => imagesOf(one).some((other) => imageKey(other) === key))
      for (const application of concerned) {
        if (areOurs()) lookAnew(instanceOf(application))
        else write(instanceOf(application), new Date(clock.now()).toISOString())
      }
    },
    heed(application) {
      const instance = instanceOf(application)
      const word = application.metadata.annotations?.[annotation.imagePushed]
      if (word === undefined || !areOurs()) heard.delete(instance)
      else if (heard.get(instance) !== word) {
        heard.set(instance, word)
        lookAnew(instance)
        write(instance, null)
      }
    },
  }
}
