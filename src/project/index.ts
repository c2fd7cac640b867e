/** What projects decide: what may come from where and go where, and when. Pure. */
export { type GlobalProjectRule, globalProjectNames, projectInForce, readGlobalProjects } from './global-projects.ts'
export { serviceAccountFor } from './impersonation.ts'
export { type DestinationCluster, type PermissionRequest, type ProjectInForce, refusal } from './permission.ts'
export { signatureFault, signaturePolicy } from './source-integrity.ts'
export {
  blockedByWindow,
  openWindows,
  type WindowQuestion,
  type WindowVerdict,
  windowFault,
  windowsFor,
  windowVerdict,
} from './sync-windows.ts'
