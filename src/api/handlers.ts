/** Everything that serves the routes of the contract. */

import { accountHandlers } from './accounts/account-handlers.ts'
import { applicationSetReadHandlers } from './application-sets/read-handlers.ts'
import { applicationSetWriteHandlers } from './application-sets/write-handlers.ts'
import { applicationActionHandlers } from './applications/action-handlers.ts'
import { applicationObjectWriteHandlers } from './applications/object-write-handlers.ts'
import { applicationOperationHandlers } from './applications/operation-handlers.ts'
import { applicationReadHandlers } from './applications/read-handlers.ts'
import { applicationWriteHandlers } from './applications/write-handlers.ts'
import { certificateHandlers } from './certificates/certificate-handlers.ts'
import { clusterHandlers } from './clusters/cluster-handlers.ts'
import { clusterUpkeepHandlers } from './clusters/upkeep-handlers.ts'
import { gpgKeyHandlers } from './gpg-keys/gpg-key-handlers.ts'
import type { Handler } from './handler.ts'
import { linkHandlers } from './link-handlers.ts'
import { notificationHandlers } from './notifications/notification-handlers.ts'
import { projectReadHandlers } from './projects/read-handlers.ts'
import { projectTokenHandlers } from './projects/token-handlers.ts'
import { projectWriteHandlers } from './projects/write-handlers.ts'
import { rbacHandlers } from './rbac/rbac-handlers.ts'
import { appDetailsHandlers } from './repositories/app-details-handlers.ts'
import { repositoryBrowseHandlers } from './repositories/browse-handlers.ts'
import { repositoryCredentialsHandlers } from './repositories/credentials-handlers.ts'
import { repositoryReadHandlers } from './repositories/read-handlers.ts'
import { repositoryWriteHandlers } from './repositories/write-handlers.ts'
import { resourceHandlers } from './resources/resource-handlers.ts'
import type { Services } from './services.ts'
import { sessionHandlers } from './session/session-handlers.ts'
import { settingsHandlers } from './settings/settings-handlers.ts'
import { versionHandlers } from './version-handlers.ts'

export function allHandlers(services: Services): Handler[] {
  return [
    sessionHandlers,
    versionHandlers,
    applicationReadHandlers,
    applicationWriteHandlers,
    applicationOperationHandlers,
    applicationObjectWriteHandlers,
    applicationActionHandlers,
    projectReadHandlers,
    projectWriteHandlers,
    projectTokenHandlers,
    clusterHandlers,
    clusterUpkeepHandlers,
    repositoryReadHandlers,
    repositoryWriteHandlers,
    repositoryBrowseHandlers,
    appDetailsHandlers,
    repositoryCredentialsHandlers,
    certificateHandlers,
    gpgKeyHandlers,
    accountHandlers,
    settingsHandlers,
    notificationHandlers,
    linkHandlers,
    applicationSetReadHandlers,
    applicationSetWriteHandlers,
    rbacHandlers,
    resourceHandlers,
  ].flatMap((of) => of(services))
}
