/** Images of applications, kept at the newest version that their rules allow. */
export { imagePrefix } from './annotations.ts'
export { type ApplicationImages, applicationImages } from './application-images.ts'
export type { WrittenUpdates } from './image-reports.ts'
export { type ImageUpdater, startImageUpdater, type UpdaterSettings } from './image-updater.ts'
export { imageKey } from './reference.ts'
export { openImageRegistries } from './registry/image-registries.ts'
export { type Assignment, assignmentOf } from './updater-objects.ts'
export { updaterStatus } from './updater-status.ts'
