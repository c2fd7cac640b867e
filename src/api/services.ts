/** What the handlers of the API work with: the stages, as the composition root has wired them. */
import type { Access, AccountService, ProjectTokenService } from '../access/index.ts'
import type { Oidc } from '../access/oidc/index.ts'
import type { ApplicationSetController } from '../generate/index.ts'
import type { ApplicationImages } from '../image/index.ts'
import type { ControlPlane, KubeClient } from '../live/index.ts'
import type { Application } from '../model/index.ts'
import type { Notifier } from '../notify/index.ts'
import type { Controller } from '../reconcile/controller.ts'
import type { Log, Stages } from '../reconcile/stages.ts'
import type { RegisteredConnections } from './repositories/registered-connections.ts'

export interface Services {
  controlPlane: ControlPlane
  controller: Pick<Controller, 'look' | 'observation' | 'onLooked' | 'sourcesMoved'>
  stages: Stages
  /** The same that the sources are read through. */
  registered: RegisteredConnections
  /** Of the cluster that the control namespace is in. */
  client: KubeClient
  access: Access
  accounts: Pick<AccountService, 'list' | 'get' | 'canI' | 'updatePassword' | 'createToken' | 'deleteToken'>
  oidc: Oidc
  projectTokens: Pick<ProjectTokenService, 'create' | 'delete'>
  applicationSets: Pick<ApplicationSetController, 'preview' | 'repositoryMoved'>
  notifier: Pick<Notifier, 'undelivered' | 'names' | 'test'>
  images: {
    /** A registry has told of a push. */
    imagePushed(image: { registry: string; repository: string }): void
    imagesOf(application: Application, options: { ask: boolean }): Promise<ApplicationImages>
  }
  log: Log
  /** Of Tiphys. */
  version: string
}
