/** Which signatures a project asks for: `sourceIntegrity`, and `signatureKeys`, which came before it. Pure. */
import { type AppProjectSpec, type CommitSignature, matchesGlob, withoutPassword } from '../model/index.ts'
import type { ProjectInForce } from './permission.ts'

/** undefined: none is asked for. */
export type SignaturePolicy = { keys: string[] } | { fault: string } | undefined

export function signaturePolicy({ name, spec }: ProjectInForce, repoURL: string): SignaturePolicy {
  const policies = policiesOf(spec).filter(({ repos = [] }) => concerns(repos, repoURL))
  const [policy] = policies
  if (policies.length > 1) {
    return {
      fault: `the project ${name} has ${policies.length} policies for ${withoutPassword(repoURL)}: leave one in its sourceIntegrity`,
    }
  }
  const { mode, keys = [] } = policy?.gpg ?? {}
  if (!policy?.gpg || mode === 'none') return undefined
  if (mode === 'head') return { keys }
  return {
    fault: `the project ${name} asks for the mode ${JSON.stringify(mode)} of signatures of ${withoutPassword(repoURL)}, which is not supported: use head in its sourceIntegrity`,
  }
}

type Policies = NonNullable<NonNullable<NonNullable<AppProjectSpec['sourceIntegrity']>['git']>['policies']>

/** `signatureKeys` counts only where there is no policy for Git. */
function policiesOf({ sourceIntegrity, signatureKeys = [] }: AppProjectSpec): Policies {
  if (sourceIntegrity?.git) return sourceIntegrity.git.policies ?? []
  if (signatureKeys.length === 0) return []
  return [{ repos: [{ url: '*' }], gpg: { mode: 'head', keys: signatureKeys.map(({ keyID }) => keyID) } }]
}

function concerns(repos: { url?: string }[], repoURL: string): boolean {
  const globs = repos.map(({ url = '' }) => url)
  const denied = globs.some((glob) => glob.startsWith('!') && matchesGlob(glob.slice(1), repoURL))
  return !denied && globs.some((glob) => matchesGlob(glob, repoURL))
}

/** Why the signature is not good enough; undefined: it is. */
export function signatureFault(signature: CommitSignature, keys: string[]): string | undefined {
  if (signature.kind === 'unsigned') return 'it is not signed with GnuPG'
  if (signature.kind === 'bad') return signature.problem
  const wanted = keys.map((key) => key.trim().toUpperCase()).filter((key) => key.length >= shortestKeyId)
  const isTrusted = wanted.some((key) => signature.keys.some((one) => one.toUpperCase().endsWith(key)))
  return isTrusted
    ? undefined
    : `it is signed with the key ${signature.keys[0]?.slice(-16)}, which is not among its keys`
}

/** Shorter ones can be forged. */
const shortestKeyId = 16
