import fc from 'fast-check'
import { dump } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { pathSteps, placeOfField } from './yaml-path.ts'

const deployment = `# of the shop
apiVersion: apps/v1
metadata:
  annotations:
    example.com/owner: "team-a"
    'quoted''s': x
spec:
  replicas: 3
  template:
    spec:
      containers:
      - name: side
        image: side:1
      - image: web:1
        name: web
        args: ["-v", serve]
        ports:
          - containerPort: 80
          - containerPort: 443
            protocol: UDP
  finalizers: [a.example/b, c]
`

describe('the line of a field', () => {
  test.for([
    ['metadata', 3],
    ["metadata.annotations['example.com/owner']", 5],
    ["metadata.annotations['quoted's']", 6],
    ['spec.replicas', 8],
    ['spec.template.spec.containers[name=web].image', 14],
    ['spec.template.spec.containers[name=web].args[1]', 16],
    ['spec.template.spec.containers[name=web]', 14],
    ['spec.template.spec.containers[name=web].ports[containerPort=80,protocol=TCP].containerPort', 18],
    ['spec.template.spec.containers[name=web].ports[containerPort=443,protocol=UDP].protocol', 20],
    ['spec.finalizers[a.example/b]', 21],
  ] as const)('%s is at line %i', ([path, line]) => {
    expect(placeOfField(deployment, path)).toEqual({ line, isExact: true })
  })

  test('what is not there is pointed to by the nearest field around it', () => {
    expect(placeOfField(deployment, 'spec.template.spec.hostNetwork')).toEqual({ line: 10, isExact: false })
    expect(placeOfField(deployment, 'spec.template.spec.containers[name=log].image')).toEqual({
      line: 11,
      isExact: false,
    })
    expect(placeOfField(deployment, 'status.phase')).toBeUndefined()
    expect(placeOfField('', 'spec')).toBeUndefined()
  })

  test('every scalar of any object is found at a line that has its key', () => {
    const key = fc.stringMatching(/^[a-z][a-zA-Z0-9./-]{0,8}$/)
    const value = fc.oneof(fc.integer(), fc.boolean(), fc.string())
    const object = fc.dictionary(key, fc.oneof(value, fc.dictionary(key, value), fc.array(value, { maxLength: 3 })))
    fc.assert(
      fc.property(object, (given) => {
        const text = dump(given)
        const lines = text.split('\n')
        for (const [name, child] of Object.entries(given)) {
          const path = /^[\w$-]+$/.test(name) ? name : `['${name}']`
          const place = placeOfField(text, path)
          expect(place?.isExact).toBe(true)
          expect(lines[(place?.line ?? 0) - 1]).toContain(name)
          if (Array.isArray(child) || typeof child !== 'object') continue
          for (const inner of Object.keys(child)) {
            const below = placeOfField(text, `${path}${/^[\w$-]+$/.test(inner) ? `.${inner}` : `['${inner}']`}`)
            expect(below?.isExact).toBe(true)
            expect(lines[(below?.line ?? 0) - 1]).toContain(inner)
          }
        }
      }),
      { numRuns: 40 },
    )
  })
})

test('a path is read as the API writes it', () => {
  expect(pathSteps("a.b-c['d.e/f'].g[name=x,port=8080].h[0][v]")).toEqual([
    { field: 'a' },
    { field: 'b-c' },
    { field: 'd.e/f' },
    { field: 'g' },
    { item: 'name=x,port=8080' },
    { field: 'h' },
    { item: '0' },
    { item: 'v' },
  ])
})
