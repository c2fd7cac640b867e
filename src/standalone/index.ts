/** An installation outside of any cluster: the objects that steer it are in an API of its own, on disk. */
export { type OpenStandalone, openStandalone } from './open-standalone.ts'
