import { describe, expect, test } from 'vitest'
import type { Application, ApplicationSource, ApplicationSpec } from '../model/index.ts'
import { parseConstraint, parseVersion } from '../model/version-constraint.ts'
import { affectedApplications, indexApplications } from './affected.ts'
import type { ArtifactEvent, GitEvent } from './event.ts'

const repoURL = 'git@github.com:acme/deploy.git'

function admits(constraint: string, version: string): boolean {
  const parsed = parseVersion(version)
  return parsed !== undefined && (parseConstraint(constraint)?.matches(parsed) ?? false)
}

function application(
  spec: Partial<ApplicationSpec>,
  annotations: Record<string, string> = {},
  name = 'shop',
): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, annotations },
    spec: { project: 'default', destination: {}, ...spec },
  }
}

function from(source: Partial<ApplicationSource>, annotations?: Record<string, string>): Application {
  return application({ source: { repoURL, ...source } }, annotations)
}

const push: GitEvent = {
  kind: 'git',
  urls: ['https://github.com/acme/deploy', 'https://github.com/acme/deploy.git'],
  ref: 'main',
  refKind: 'branch',
  before: 'a'.repeat(40),
  after: 'b'.repeat(40),
  defaultBranch: 'main',
  touchedHead: true,
  changedFiles: ['apps/shop/deployment.yaml'],
}
const tag: GitEvent = { ...push, ref: 'v1.4.0', refKind: 'tag', touchedHead: false, changedFiles: 'unknown' }
const artifact: ArtifactEvent = {
  kind: 'artifact',
  registry: 'ghcr.io',
  repository: 'acme/charts/shop',
  tag: '1.4.0',
  digest: 'sha256:abc',
}

function isAffected(event: GitEvent | ArtifactEvent, subject: Application): boolean {
  return affectedApplications(event, indexApplications([subject], admits)).length === 1
}

const generatePaths = (paths: string) => ({ 'argocd.argoproj.io/manifest-generate-paths': paths })

describe('a push to the default branch', () => {
  test.each(['', 'HEAD', 'main', 'heads/main', 'refs/heads/main'])('touches what follows %j', (targetRevision) => {
    expect(isAffected(push, from({ targetRevision }))).toBe(true)
  })

  test.each(['develop', 'refs/tags/main', 'mai', 'main2', '^1.0', 'a'.repeat(40)])(
    'leaves what follows %s',
    (targetRevision) => {
      expect(isAffected(push, from({ targetRevision }))).toBe(false)
    },
  )

  test('leaves other repositories', () => {
    expect(isAffected(push, from({ repoURL: 'git@github.com:acme/other.git' }))).toBe(false)
    expect(isAffected(push, from({ repoURL: 'https://example.com/acme/deploy' }))).toBe(false)
  })
})

describe('a push to another branch', () => {
  const other = { ...push, ref: 'release/1.x', touchedHead: false }

  test('touches what follows it, and not what follows HEAD', () => {
    expect(isAffected(other, from({ targetRevision: 'release/1.x' }))).toBe(true)
    expect(isAffected(other, from({ targetRevision: 'refs/heads/release/1.x' }))).toBe(true)
    expect(isAffected(other, from({}))).toBe(false)
    expect(isAffected(other, from({ targetRevision: '1.x' }))).toBe(false)
  })

  test('that is named as a version is no version', () => {
    expect(isAffected({ ...other, ref: '1.4.0' }, from({ targetRevision: '^1.0' }))).toBe(false)
  })
})

describe('a tag', () => {
  test.each(['v1.4.0', 'refs/tags/v1.4.0', 'tags/v1.4.0', '^1.2', '1.x', '>=1.0 <2.0', '*'])(
    'touches what follows %s',
    (targetRevision) => {
      expect(isAffected(tag, from({ targetRevision }))).toBe(true)
    },
  )

  test.each(['', 'HEAD', 'refs/heads/v1.4.0', '^2.0', 'v1.4', '~1.3'])('leaves what follows %j', (targetRevision) => {
    expect(isAffected(tag, from({ targetRevision }))).toBe(false)
  })

  test('of one part of a monorepo is held against the prefix of its tags', () => {
    const shopTag = { ...tag, ref: 'shop/1.4.0' }
    expect(isAffected(shopTag, from({ targetRevision: '^1.2', tagPrefix: 'shop/' }))).toBe(true)
    expect(isAffected(shopTag, from({ targetRevision: 'shop/^1.2', tagPrefix: 'shop/' }))).toBe(true)
    expect(isAffected(shopTag, from({ targetRevision: '^1.2', tagPrefix: 'mail/' }))).toBe(false)
    expect(isAffected(shopTag, from({ targetRevision: '^1.2' }))).toBe(false)
  })
})

describe('changed files', () => {
  test('touch what is made from them', () => {
    expect(isAffected(push, from({ path: 'apps/shop' }, generatePaths('.')))).toBe(true)
    expect(isAffected(push, from({ path: 'apps/mail' }, generatePaths('../shop')))).toBe(true)
  })

  test('leave what is made from others', () => {
    expect(isAffected(push, from({ path: 'apps/mail' }, generatePaths('.')))).toBe(false)
    expect(isAffected(push, from({ path: 'apps/mail' }, generatePaths('.;/base')))).toBe(false)
  })

  test('touch everything where the annotation is missing, or the files are unknown', () => {
    expect(isAffected(push, from({ path: 'apps/mail' }))).toBe(true)
    expect(isAffected({ ...push, changedFiles: 'unknown' }, from({ path: 'apps/mail' }, generatePaths('.')))).toBe(true)
  })
})

describe('an application of several sources', () => {
  test('is touched through any of them, and named once', () => {
    const sources = [
      { repoURL: 'https://charts.example.com', chart: 'shop', targetRevision: '1.x' },
      { repoURL, ref: 'values' },
      { repoURL: 'https://github.com/acme/deploy', path: 'more' },
    ]
    const subject = application({ sources })
    expect(affectedApplications(push, indexApplications([subject], admits))).toEqual([subject])
  })

  test('has paths from the folder of each source', () => {
    const sources = [
      { repoURL, path: 'apps/mail' },
      { repoURL, path: 'apps/shop' },
    ]
    expect(isAffected(push, application({ sources }, generatePaths('.')))).toBe(true)
  })
})

describe('a pushed artifact', () => {
  test.each([
    [{ repoURL: 'ghcr.io/acme/charts', chart: 'shop' }],
    [{ repoURL: 'oci://GHCR.io/acme/charts/', chart: 'shop' }],
    [{ repoURL: 'oci://ghcr.io/acme/charts/shop' }],
    [{ repoURL: 'oci://ghcr.io/acme/charts/shop', chart: 'shop' }],
  ])('touches the source %j', (source) => {
    expect(isAffected(artifact, from({ ...source, targetRevision: '1.x' }))).toBe(true)
  })

  test.each([
    [{ repoURL: 'ghcr.io/acme/charts', chart: 'mail' }],
    [{ repoURL: 'ghcr.io/other/charts', chart: 'shop' }],
    [{ repoURL: 'https://ghcr.io/acme/charts/shop' }],
  ])('leaves the source %j', (source) => {
    expect(isAffected(artifact, from({ ...source, targetRevision: '1.x' }))).toBe(false)
  })

  test.each([
    ['1.4.0', true],
    ['^1.2', true],
    ['*', true],
    ['', true],
    ['sha256:abc', true],
    ['1.5.0', false],
    ['^2', false],
    ['sha256:def', false],
  ])('with the target %j: %s', (targetRevision, expected) => {
    const chart = { repoURL: 'ghcr.io/acme/charts', chart: 'shop', targetRevision }
    expect(isAffected(artifact, from(chart))).toBe(expected)
  })

  test('may have a version with a plus sign, which tags write as an underscore', () => {
    const chart = { repoURL: 'ghcr.io/acme/charts', chart: 'shop', targetRevision: '1.4.0+build.7' }
    expect(isAffected({ ...artifact, tag: '1.4.0_build.7' }, from(chart))).toBe(true)
  })

  test('leaves Git repositories of the same path', () => {
    expect(isAffected({ ...artifact, registry: 'github.com', repository: 'acme/deploy' }, from({}))).toBe(false)
  })
})

test('an event costs about the same among ten thousand applications as among ten', () => {
  const indexOf = (count: number) => {
    const others = Array.from({ length: count }, (_, number) =>
      application({ source: { repoURL: `https://github.com/acme/other-${number}`, path: '.' } }, {}, `other-${number}`),
    )
    return indexApplications([...others, from({})], admits)
  }
  const [few, many] = [indexOf(10), indexOf(10_000)]
  /** The quickest of several rounds: whatever else the machine does makes none quicker. */
  const costOf = (index: typeof few) => {
    const rounds = Array.from({ length: 20 }, () => {
      const started = performance.now()
      for (let time = 0; time < 100; time++) expect(affectedApplications(push, index)).toHaveLength(1)
      return performance.now() - started
    })
    return Math.min(...rounds)
  }
  expect(costOf(many) / costOf(few)).toBeLessThan(10)
})

test('a monorepo of ten thousand applications is sorted out at once', () => {
  const applications = Array.from({ length: 10_000 }, (_, number) =>
    application({ source: { repoURL, path: `apps/${number}` } }, generatePaths('.;../../base/*.yaml'), `app-${number}`),
  )
  const index = indexApplications(applications, admits)
  const changedFiles = Array.from({ length: 2999 }, (_, number) => `apps/${number * 2}/values.yaml`)
  expect(affectedApplications({ ...push, changedFiles }, index)).toHaveLength(2999)
})
