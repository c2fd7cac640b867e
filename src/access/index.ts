/** Who somebody is, and what they may do. */

export { type Access, openAccess } from './access.ts'
export { AccessError, type AccessErrorKind } from './access-error.ts'
export { type AccountInfo, AccountService } from './accounts.ts'
export { anonymous, type Caller } from './caller.ts'
export { ensureAdmin } from './initial-admin.ts'
export { networkOf } from './login/address.ts'
export { ProjectTokenService } from './project-tokens.ts'
export type { AccessRequest as Question, Enforcer, StandingQuestion } from './rbac/enforcer.ts'
export { applicationObject, clusterObjects, repositoryObject } from './rbac/objects.ts'
export type { VerifyExternal } from './session/authenticate.ts'
export { loginLimitSettings } from './settings.ts'
export type { TextStore } from './write-behind.ts'
