/** ApplicationSets: applications generated, and kept as their set means them. */
export { ApplicationSetController } from './controller.ts'
export type { GeneratorInputs } from './generators/inputs.ts'
export { HostApis } from './hosts/host-api.ts'
export { type PolicyName, policyNamed, policyNames } from './policy.ts'
export type { SetSettings, SetWorld, SetWrites } from './world.ts'
