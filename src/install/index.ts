/** What is applied to a cluster to install Tiphys there. Pure. */
export { type InstallOptions, manifestsOf, type Variant, variants } from './variants.ts'
