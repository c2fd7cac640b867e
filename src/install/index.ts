/** What is applied to a cluster to install Tiphys there. Pure. */
export { manifestsOf, type Variant, variants } from './variants.ts'
