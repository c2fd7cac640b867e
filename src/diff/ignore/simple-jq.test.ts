import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { openJq } from './jq-worker.ts'
import { simpleJq } from './simple-jq.ts'

const jq = openJq({ timeoutMs: () => 10_000 })
afterAll(() => jq.close())

async function asJq(expression: string, object: unknown): Promise<unknown[]> {
  const { output } = await jq.run(`[path(${expression})]`, JSON.stringify(object))
  return output === undefined ? [] : JSON.parse(output)
}

const sorted = (paths: unknown[]) => paths.map((path) => JSON.stringify(path)).sort()

const name = fc.constantFrom('a', 'b', 'name', 'x-y')
const leaf = fc.oneof(fc.constantFrom('x', 'y', '', 'xy'), fc.nat(2), fc.boolean(), fc.constant(null))
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    leaf,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(name, tie('tree'), { maxKeys: 4 }),
  ),
}))

const step = fc
  .tuple(fc.constantFrom('.a', '.name', '["x-y"]', '[]', '[0]', '[-1]', '[1]', '."b"'), fc.constantFrom('', '', '?'))
  .map((parts) => parts.join(''))
const path = fc
  .array(step, { minLength: 1, maxLength: 4 })
  .map((steps) => (steps[0]?.startsWith('.') ? steps.join('') : `.${steps.join('')}`))
const literal = fc.constantFrom('"x"', '0', 'true', 'null', '"x-y"')
const comparison = fc.oneof(
  fc.tuple(path, fc.constantFrom(' == ', '!='), literal).map((parts) => parts.join('')),
  path,
  fc.tuple(path, fc.constantFrom(' | startswith("x")', '|endswith("y")')).map((parts) => parts.join('')),
)
// The pipe binds loosest, so it can only stand last.
const plain = fc.oneof(
  fc.tuple(path, fc.constantFrom('==', '!='), literal).map((parts) => parts.join(' ')),
  path,
)
const condition = fc.oneof(
  comparison,
  fc
    .tuple(plain, fc.constantFrom(' and ', ' or '), plain, fc.constantFrom(' or ', ' and '), plain)
    .map((parts) => parts.join('')),
)
const expression = fc
  .array(
    fc.oneof(
      path,
      condition.map((text) => `select(${text})`),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((stages) => stages.join(' | '))

test('simple expressions name what they name in jq', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(expression, tree, async (text, object) => {
      const walk = simpleJq(text)
      fc.pre(walk !== undefined)
      expect(sorted(walk(object))).toEqual(sorted(await asJq(text, object)))
    }),
    { numRuns: 1500 },
  )
})

test.each([
  '.spec.replicas',
  '.webhooks[]?.clientConfig.caBundle',
  '.spec.template.spec.initContainers[] | select(.name == "injected-init-container")',
  '.metadata.annotations["example.com/a"]',
  '.spec.x[] | select(.name == "y" or .name == "z") | .w[0]',
])('%s needs no jq', (text) => {
  expect(simpleJq(text)).toBeDefined()
})

test.each([
  '.a | keys',
  '.a.b,.c',
  'del(.a)',
  '.a |= 1',
  '.a[1:]',
  '..',
  '.a //= 3',
  '.a-b',
  '',
  '.a |',
  'select(.a == "\\(.b)")',
])('%s is left to jq', (text) => {
  expect(simpleJq(text)).toBeUndefined()
})
