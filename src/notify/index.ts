/** Notifications: what argocd-notifications-cm says, carried out. */
export { type NotificationSettings, readConfiguration } from './configuration.ts'
export { openCourier } from './delivery/courier.ts'
export { type DriftLine, type Notifier, startNotifier } from './notifier.ts'
export { preview } from './preview.ts'
export { attemptLimitMs, sendOnce } from './send-once.ts'
