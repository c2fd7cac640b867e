/** What a change of an object in the control namespace means to the parts that run. */
import type { Access } from '../access/index.ts'
import type { RegisteredConnections } from '../api/repositories/registered-connections.ts'
import type { OpenClusters } from '../clusters/index.ts'
import type { HealthAssessor } from '../health/index.ts'
import type { ControlPlaneChange } from '../live/index.ts'
import type { Controller } from '../reconcile/controller.ts'
import { accessSecret } from './open-access.ts'
import type { OpenApplicationSets } from './open-application-sets.ts'
import { imageUpdaterSettings, type OpenImageUpdater } from './open-image-updater.ts'
import { notificationsSecret, type OpenNotifier } from './open-notifier.ts'
import type { OpenServer } from './open-server.ts'
import type { SettingsInUse } from './settings-in-use.ts'

/** Filled as they are opened: what is not there yet reads everything when it is. */
export interface Listeners {
  settings?: SettingsInUse
  health?: HealthAssessor
  clusters?: OpenClusters
  connections?: RegisteredConnections
  controller?: Controller
  notifier?: OpenNotifier
  sets?: OpenApplicationSets
  images?: OpenImageUpdater
  access?: Access
  server?: OpenServer
}

export function passOn(change: ControlPlaneChange, listeners: Listeners): void {
  const { controller, images, sets, notifier } = listeners
  switch (change.kind) {
    case 'application':
      controller?.look(change.name)
      return
    case 'image-updater':
      images?.updaterChanged(change.name)
      return
    case 'secret':
      secretChanged(change.name, listeners)
      return
    case 'other-settings':
      otherSettingsChanged(change.name, listeners)
      return
    case 'settings':
      settingsChanged(listeners)
      controller?.lookAtAll()
      return
    case 'project':
      controller?.lookAtAll()
      sets?.projectChanged()
      notifier?.lookAtProject(change.name)
      return
  }
}

function secretChanged(name: string, listeners: Listeners): void {
  const { server, access, clusters, connections, controller, sets, notifier } = listeners
  server?.secretChanged(name)
  if (name === accessSecret) void access?.storesChanged()
  clusters?.refresh()
  if (connections?.secretChanged(name)) controller?.lookAtAll()
  sets?.secretChanged(name)
  if (name === notificationsSecret) notifier?.reconfigure()
}

function otherSettingsChanged(name: string, { connections, controller, images, notifier }: Listeners): void {
  if (name === 'argocd-notifications-cm') notifier?.reconfigure()
  else if (name === imageUpdaterSettings) images?.reconfigure()
  else if (isTrust(name)) {
    connections?.trustChanged()
    controller?.lookAtAll()
  }
}

function settingsChanged({ settings, health, clusters, sets, notifier }: Listeners): void {
  // Before they are read for the first time there is nothing to renew.
  if (!settings) return
  if (settings.renew()) for (const live of clusters?.followed() ?? []) live.retrack()
  health?.configure(settings.texts)
  clusters?.refresh()
  for (const live of clusters?.followed() ?? []) live.reconfigure(settings.followed())
  sets?.settingsChanged()
  notifier?.settingsChanged()
}

/** Whether repositories' hosts are trusted by it. */
function isTrust(name: string): boolean {
  return name === 'argocd-ssh-known-hosts-cm' || name === 'argocd-tls-certs-cm'
}
