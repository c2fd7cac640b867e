/** sprig's functions for versions. */
import type { SemVer } from 'semver'
import { parseConstraint, parseVersion } from '../../model/version-constraint.ts'
import { Native, type TemplateFunction, templateFunction, type Value } from '../value.ts'

class Version extends Native {
  readonly typeName = '*semver.Version'
  readonly #version: SemVer
  readonly #original: string

  constructor(text: string) {
    super()
    const version = parseVersion(text)
    if (!version) throw new Error('invalid semantic version')
    this.#version = version
    this.#original = text
  }

  get version(): SemVer {
    return this.#version
  }

  override toString(): string {
    const build = this.#version.build.join('.')
    return this.#version.version + (build === '' ? '' : `+${build}`)
  }

  override member(name: string): Value {
    const method = (work: () => Value): Value => templateFunction([], work)
    switch (name) {
      case 'Major':
        return method(() => BigInt(this.#version.major))
      case 'Minor':
        return method(() => BigInt(this.#version.minor))
      case 'Patch':
        return method(() => BigInt(this.#version.patch))
      case 'Prerelease':
        return method(() => this.#version.prerelease.join('.'))
      case 'Metadata':
        return method(() => this.#version.build.join('.'))
      case 'Original':
        return method(() => this.#original)
      case 'String':
        return method(() => this.toString())
      case 'Compare':
        return comparison(this, (order) => BigInt(order))
      case 'Equal':
        return comparison(this, (order) => order === 0)
      case 'LessThan':
        return comparison(this, (order) => order < 0)
      case 'GreaterThan':
        return comparison(this, (order) => order > 0)
      default:
        return undefined
    }
  }
}

function comparison(version: Version, answer: (order: number) => Value): Value {
  return templateFunction(['any'], (other: Value) => {
    if (!(other instanceof Version)) throw new Error('a version can only be compared with a version: use semver')
    return answer(version.version.compare(other.version))
  })
}

export const versionFunctions: Record<string, TemplateFunction> = {
  semver: templateFunction(['string'], (text: string) => new Version(text)),
  semverCompare: templateFunction(['string', 'string'], (constraint: string, text: string) => {
    const version = parseVersion(text)
    if (!version) throw new Error('invalid semantic version')
    const wanted = parseConstraint(constraint)
    if (wanted) return wanted.matches(version)
    const exact = parseVersion(constraint)
    if (!exact) throw new Error(`improper constraint: ${constraint}`)
    return matchesExactly(constraint, { exact, version })
  }),
}

/** `1.2` alone stands for all of its patches. */
function matchesExactly(constraint: string, { exact, version }: { exact: SemVer; version: SemVer }): boolean {
  const parts = constraint
    .replace(/^v/, '')
    .replace(/[-+].*$/, '')
    .split('.').length
  if (version.prerelease.length > 0 && exact.prerelease.length === 0) return false
  if (parts < 3) return version.major === exact.major && (parts < 2 || version.minor === exact.minor)
  return version.compare(exact) === 0
}
