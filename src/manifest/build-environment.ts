/** The variables that a source may refer to, and a note of which ones it did: the others cannot change what it renders. */
import type { RenderRequest } from './renderer.ts'

export interface BuildEnvironment {
  /** Replaces `$NAME` and `${NAME}`; unknown names become empty, `$$` a single `$`. */
  substitute(text: string): string
  get(name: string): string
  /** Without the note: for what is known not to matter. */
  peek(name: string): string
  has(name: string): boolean
  /** Names and values that were asked for. */
  readonly used: Map<string, string>
}

/** As Go's `os.Expand`: a digit or one of the shell's special characters is a name too. */
const pattern = /\$(?:\{([^{}]+)\}|([A-Za-z_]\w*|[*#$@!?\-0-9]))/g

export function buildEnvironment(variables: Record<string, string>): BuildEnvironment {
  const used = new Map<string, string>()
  const get = (name: string): string => {
    const value = variables[name] ?? ''
    used.set(name, value)
    return value
  }
  return {
    used,
    get,
    peek: (name) => variables[name] ?? '',
    has: (name) => name in variables,
    substitute: (text) =>
      text.replace(pattern, (_match, braced?: string, bare?: string) => {
        const name = braced ?? bare ?? ''
        return name === '$' ? '$' : get(name)
      }),
  }
}

export function variablesOf({ application, source, revision, cluster }: RenderRequest): Record<string, string> {
  return {
    ARGOCD_APP_NAME: application.name,
    ARGOCD_APP_NAMESPACE: application.destinationNamespace,
    ARGOCD_APP_PROJECT_NAME: application.project,
    ARGOCD_APP_REVISION: revision,
    ARGOCD_APP_REVISION_SHORT: revision.slice(0, 7),
    ARGOCD_APP_REVISION_SHORT_8: revision.slice(0, 8),
    ARGOCD_APP_SOURCE_REPO_URL: source.repoURL ?? '',
    ARGOCD_APP_SOURCE_PATH: source.path ?? '',
    ARGOCD_APP_SOURCE_TARGET_REVISION: source.targetRevision ?? '',
    KUBE_VERSION: plainVersion(cluster.version),
    KUBE_API_VERSIONS: cluster.apiVersions.join(','),
  }
}

/** Without the provider's addition: `v1.35.2+k3s1` → `1.35.2`. */
export function plainVersion(version: string): string {
  return version.replace(/^v/, '').replace(/[+-].*$/, '')
}
