/** Which kinds are left alone: `resource.exclusions` and `resource.inclusions` of argocd-cm. */
import { matchesGlob } from '../model/index.ts'

/** Globs; a missing list, like an empty one, matches everything. */
export interface ResourceFilter {
  apiGroups?: string[]
  kinds?: string[]
  /** Server URLs. */
  clusters?: string[]
}

/** Never watched: they change all the time and nobody declares them. */
const always: ResourceFilter[] = [
  { apiGroups: ['events.k8s.io', 'metrics.k8s.io'] },
  { apiGroups: [''], kinds: ['Event'] },
  { apiGroups: ['coordination.k8s.io'], kinds: ['Lease'] },
]

/** What an installation excludes unless it says otherwise. */
export const shippedExclusions: ResourceFilter[] = [
  { apiGroups: ['', 'discovery.k8s.io'], kinds: ['Endpoints', 'EndpointSlice'] },
  {
    apiGroups: ['authentication.k8s.io', 'authorization.k8s.io'],
    kinds: [
      'SelfSubjectReview',
      'TokenReview',
      'LocalSubjectAccessReview',
      'SelfSubjectAccessReview',
      'SelfSubjectRulesReview',
      'SubjectAccessReview',
    ],
  },
  { apiGroups: ['certificates.k8s.io'], kinds: ['CertificateSigningRequest'] },
  { apiGroups: ['cert-manager.io'], kinds: ['CertificateRequest'] },
  { apiGroups: ['cilium.io'], kinds: ['CiliumIdentity', 'CiliumEndpoint', 'CiliumEndpointSlice'] },
  {
    apiGroups: ['kyverno.io', 'reports.kyverno.io', 'wgpolicyk8s.io'],
    kinds: [
      'PolicyReport',
      'ClusterPolicyReport',
      'EphemeralReport',
      'ClusterEphemeralReport',
      'AdmissionReport',
      'ClusterAdmissionReport',
      'BackgroundScanReport',
      'ClusterBackgroundScanReport',
      'UpdateRequest',
    ],
  },
]

export interface Filters {
  exclusions: ResourceFilter[]
  /** When there are any, only what one of them names is not excluded. */
  inclusions: ResourceFilter[]
}

export function isExcluded(
  resource: { group: string; kind: string },
  { exclusions, inclusions, server }: Filters & { server: string },
): boolean {
  const named = (filters: ResourceFilter[]) => filters.some((filter) => matches(filter, { ...resource, server }))
  return named(always) || named(exclusions) || (inclusions.length > 0 && !named(inclusions))
}

function matches(filter: ResourceFilter, { group, kind, server }: { group: string; kind: string; server: string }) {
  return anyGlob(filter.apiGroups, group) && anyGlob(filter.kinds, kind) && anyGlob(filter.clusters, server)
}

function anyGlob(globs: string[] = [], text: string): boolean {
  return globs.length === 0 || globs.some((glob) => matchesGlob(glob, text))
}
