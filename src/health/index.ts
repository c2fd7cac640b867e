/** Live object to health, with the reason. Pure. */
export { applicationHealth, type ResourceHealth } from './application.ts'
export { assessHealth } from './assess.ts'
export { HealthAssessor } from './assessor.ts'
