/** Notifications: what argocd-notifications-cm says, carried out. */
export { type NotificationSettings, readConfiguration } from './configuration.ts'
export { openCourier } from './delivery/courier.ts'
export { DeliveryError } from './delivery/delivery-error.ts'
export type { Undelivered } from './delivery/undelivered.ts'
export { type DriftLine, type Notifier, startNotifier, type TestRequest } from './notifier.ts'
export { preview } from './preview.ts'
export { sendOnce } from './send-once.ts'
