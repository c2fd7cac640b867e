import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../model/index.ts'
import { deepLinks, type LinkCluster, type LinkSubjects } from './deep-links.ts'
import { meetsCondition } from './link-condition.ts'
import { fillTemplate } from './link-template.ts'
import { LinkError } from './link-value.ts'

const application = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: {
    name: 'shop',
    labels: { 'example.com/tag': 'blue' },
    annotations: { 'argocd.argoproj.io/managed-by-url': 'https://argo.example.com' },
  },
  spec: { project: 'default', replicas: 3, sources: [{ path: 'apps/shop' }], destination: { namespace: 'web' } },
} as KubeObject
const subjects: LinkSubjects = { application, cluster: { name: 'prod', server: 'https://10.0.0.1' } }
const data = { app: application, application }

function linksOf(yaml: string, given = subjects) {
  return deepLinks('application', { 'application.links': yaml }, given)
}

describe('deep links', () => {
  test('are filled in from the application and its cluster', () => {
    const yaml = `
- url: https://logs.example.com?search={{.app.spec.destination.namespace}}&cluster={{ .cluster.name }}
  title: Logs
  description: what it says
  icon.class: fa-book
- url: https://tags.example.com/{{ index .application.metadata.labels "example.com/tag" }}
  title: Tags
  if: app.spec.project == "default"
- url: https://other.example.com
  title: Others
  if: app.spec.project != "default"
- url: "{{.managedByURL}}/applications"
  title: Parent
`
    expect(linksOf(yaml)).toEqual({
      items: [
        {
          title: 'Logs',
          url: 'https://logs.example.com?search=web&cluster=prod',
          description: 'what it says',
          iconClass: 'fa-book',
        },
        { title: 'Tags', url: 'https://tags.example.com/blue' },
        { title: 'Parent', url: 'https://argo.example.com/applications' },
      ],
      errors: [],
    })
  })

  test('are those of the place that is asked for', () => {
    const settings = { 'project.links': '[{url: "https://audit/{{.project.metadata.name}}", title: Audit}]' }
    const project = { ...application, metadata: { name: 'team' } }
    expect(deepLinks('project', settings, { project }).items).toEqual([{ title: 'Audit', url: 'https://audit/team' }])
    expect(deepLinks('application', settings, subjects)).toEqual({ items: [], errors: [] })
  })

  test.each([
    ['[{url: "https://x/{{.app.metadata.name | upper}}", title: One}]', 'not supported'],
    ['[{url: "https://x/{{range .app}}", title: One}]', 'not supported'],
    ['[{url: "https://x/{{.app.metadata.name", title: One}]', 'not closed'],
    ['[{url: "https://x/{{.project.metadata.name}}", title: One}]', '.project is not there'],
    ['[{url: "https://x/{{.app.spec}}", title: One}]', 'no text'],
    ['[{url: "https://x", title: One, if: "app.spec.project + 1"}]', 'not supported'],
    ['[{url: "https://x", title: One, if: "app.spec.project"}]', 'neither true nor false'],
    ['[{url: "https://x", title: One, if: "project.metadata.name == 1"}]', 'project is not there'],
    ['[{title: One}]', 'no address'],
  ])('that cannot be read are reported, and the others stay: %s', (yaml, why) => {
    const { items, errors } = linksOf(`${yaml.slice(0, -1)}, {url: "https://fine", title: Two}]`)
    expect(items).toEqual([{ title: 'Two', url: 'https://fine' }])
    expect(errors).toEqual([expect.stringContaining('application.links: link "One"')])
    expect(errors[0]).toContain(why)
  })

  test.each(['{', 'text', '[1]', '{url: x}'])('that are no list are reported: %s', (yaml) => {
    expect(linksOf(yaml)).toMatchObject({ items: [], errors: [expect.stringContaining('application.links')] })
  })

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    '//example.com',
    '/settings',
    '',
  ])('never lead to %j, not even through an annotation', (address) => {
    const metadata = { ...application.metadata, annotations: { address } }
    const { items, errors } = linksOf('[{url: "{{.app.metadata.annotations.address}}", title: One}]', {
      application: { ...application, metadata },
    })
    expect(items).toEqual([])
    expect(errors).toHaveLength(1)
  })

  test.each(['https://example.com', 'http://example.com', 'mailto:team@example.com'])('may lead to %s', (url) => {
    expect(linksOf(`[{url: "${url}", title: One}]`).items).toEqual([{ title: 'One', url }])
  })
})

describe('what must stay hidden', () => {
  const canary = 'canary-5f3a'
  const applied = { 'kubectl.kubernetes.io/last-applied-configuration': canary, shown: 'yes' }

  test.each(['data.password', 'stringData.password', 'metadata.annotations'])(
    'the values of a Secret cannot be had by %s',
    (path) => {
      const resource = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'db', annotations: applied },
        data: { password: canary },
        stringData: { password: canary },
      } as KubeObject
      const url = `https://x/{{ .resource.${path} }}{{ index .resource.metadata.annotations "kubectl.kubernetes.io/last-applied-configuration" }}`
      const settings = {
        'resource.links': `[{url: '${url}', title: One}, {url: 'https://x/{{.resource.metadata.annotations.shown}}', title: Two}]`,
      }
      const links = deepLinks('resource', settings, { resource })
      expect(JSON.stringify(links)).not.toContain(canary)
      expect(links.items).toEqual([{ title: 'Two', url: 'https://x/yes' }])
    },
  )

  test('nor can the credentials of a cluster', () => {
    const cluster = { name: 'prod', server: 'https://10.0.0.1', annotations: applied, config: canary } as LinkCluster
    const yaml = `
- {title: One, url: 'https://x/{{.cluster.config}}'}
- {title: Two, url: 'https://x/{{index .cluster.annotations "kubectl.kubernetes.io/last-applied-configuration"}}'}`
    expect(JSON.stringify(linksOf(yaml, { cluster }))).not.toContain(canary)
  })
})

describe('a condition', () => {
  test.each([
    ['true', true],
    ['app.spec.project == "default"', true],
    ["app.spec.project == 'default' && app.spec.replicas == 3", true],
    ['app.spec.project == "other" || app.metadata.name contains "ho"', true],
    ['app.spec.project == "other" or false', false],
    ['!(app.spec.project == "other") and not false', true],
    ['app.metadata.name startsWith "sh"', true],
    ['app.metadata.name endsWith "sh"', false],
    ['app.metadata.name in ["mail", "shop"]', true],
    ['app.metadata.name not in ["mail", "shop"]', false],
    ['"example.com/tag" in app.metadata.labels', true],
    ['app.metadata.labels["example.com/tag"] != nil && app.metadata.labels["example.com/tag"] != ""', true],
    ['app.metadata.labels["none"] == nil', true],
    ['app.spec.sources[0].path == "apps/shop"', true],
    ['app?.status?.health == nil', true],
    ['app.spec.replicas == "3"', false],
    ['false && app.none.deep == 1', false],
    ['1 == 1 || 1 == 2 && 1 == 2', true],
    ['toString == nil', true],
    ['app.constructor == nil', true],
    ['"__proto__" in app', false],
  ])('%s is %s', (condition, expected) => {
    expect(meetsCondition(condition, data)).toBe(expected)
  })

  test.each([
    '',
    'app.',
    'app.spec.',
    '(true',
    'true)',
    '[1',
    '"open',
    '1 == ',
    'true true',
    'app[name]',
    'len(app) == 1',
  ])('that cannot be read is said to be so: %s', (condition) => {
    expect(() => meetsCondition(condition, data)).toThrow(LinkError)
  })

  test('nested too deep is refused', () => {
    expect(() => meetsCondition('('.repeat(2000) + ')'.repeat(2000), data)).toThrow('too deep')
    expect(meetsCondition(`${'('.repeat(40)}true${')'.repeat(40)}`, data)).toBe(true)
  })

  test('of any text is read or refused, in bounded time', () => {
    const words = fc.constantFrom(
      ...['app', '.', '[', ']', '(', ')', '"a"', '==', '&&', 'in', 'not', '!', '?.', '1', ' ', '"', '\\'],
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string()), { maxLength: 30 }), (parts) => {
        try {
          meetsCondition(parts.join(' '), data)
        } catch (error) {
          expect(error).toBeInstanceOf(LinkError)
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('a template', () => {
  test.each([
    ['plain', 'plain'],
    ['a {{- .app.metadata.name -}} b', 'ashopb'],
    ['{{.app.spec.replicas}}', '3'],
    ['{{index .app.spec.sources 0 "path"}}', 'apps/shop'],
    ['{{index .app.metadata.labels `example.com/tag`}}', 'blue'],
    ['{{"literal"}}', 'literal'],
    ['[{{.app.metadata.none}}]', '[]'],
    ['[{{.app.metadata.constructor}}]', '[]'],
  ])('%s gives %s', (template, text) => {
    expect(fillTemplate(template, data)).toBe(text)
  })

  test('of any text is filled in or refused', () => {
    const words = fc.constantFrom(...['{{', '}}', '.app', '.metadata', 'index', '"a"', '-', ' ', '|', '"', '\\', '.'])
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string()), { maxLength: 20 }), (parts) => {
        try {
          fillTemplate(parts.join(''), data)
        } catch (error) {
          expect(error).toBeInstanceOf(LinkError)
        }
      }),
      { numRuns: 1000 },
    )
  })
})
