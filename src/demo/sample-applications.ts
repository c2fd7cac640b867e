/** The applications of the demo: one for each folder of the samples. */
import type { Application, ApplicationSource } from '../model/index.ts'

interface Sample {
  name: string
  source?: Partial<ApplicationSource>
  /** Off where the tour rolls back: automated sync would undo it. */
  automated?: boolean
}

const samples: Sample[] = [
  { name: 'storefront' },
  { name: 'catalog', source: { helm: { valueFiles: ['values-production.yaml'] } } },
  { name: 'payments', source: { path: 'payments/overlays/production' } },
  { name: 'reports', source: { directory: { jsonnet: { extVars: [{ name: 'team', value: 'finance' }] } } } },
  { name: 'database' },
  { name: 'platform' },
]

export function sampleApplications(repoURL: string, { jsonnet = true } = {}): Application[] {
  return samples
    .filter(({ name }) => jsonnet || name !== 'reports')
    .map(
      ({ name, source, automated = true }): Application => ({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata: { name, namespace: 'argocd' },
        spec: {
          project: 'default',
          source: { repoURL, path: name, targetRevision: 'main', ...source },
          destination: { name: 'in-cluster', namespace: name },
          syncPolicy: {
            ...(automated && { automated: { prune: true, selfHeal: true } }),
            syncOptions: ['CreateNamespace=true'],
          },
        },
      }),
    )
}
