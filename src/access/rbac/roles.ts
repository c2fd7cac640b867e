/** Which roles a subject has, through any number of others up to ten. */
import type { GrantLine } from './policy-line.ts'

/** As deep as casbin, on which Argo CD's policies rest, follows them. */
const mostLinks = 10

export class RoleGraph {
  private readonly rolesOf = new Map<string, string[]>()

  constructor(grants: GrantLine[]) {
    for (const { subject, role } of grants) {
      const known = this.rolesOf.get(subject)
      if (known) known.push(role)
      else this.rolesOf.set(subject, [role])
    }
  }

  /** True when a grant names the subject as the one that has a role. */
  grantsTo(subject: string): boolean {
    return this.rolesOf.has(subject)
  }

  /** The subject itself, and every role that it has; nearer ones first. */
  reach(subject: string, { and }: { and?: RoleGraph | undefined } = {}): Set<string> {
    const reached = new Set([subject])
    let newest = [subject]
    for (let links = 0; links < mostLinks && newest.length > 0; links++) {
      const next: string[] = []
      for (const name of newest) {
        for (const role of [...(this.rolesOf.get(name) ?? []), ...(and?.rolesOf.get(name) ?? [])]) {
          if (reached.has(role)) continue
          reached.add(role)
          next.push(role)
        }
      }
      newest = next
    }
    return reached
  }
}
