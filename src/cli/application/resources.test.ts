import { expect, test } from 'vitest'
import { treeText } from './resources.ts'

const node = (kind: string, uid: string, owner?: string) => ({
  kind,
  name: uid,
  uid,
  ...(owner && { parentRefs: [{ uid: owner }] }),
})

test('what is owned stands below its owner, and what nobody known owns stands by itself', () => {
  const nodes = [
    node('Pod', 'p1', 'r1'),
    node('Deployment', 'd'),
    node('ReplicaSet', 'r1', 'd'),
    node('ReplicaSet', 'r2', 'd'),
    node('Pod', 'lost', 'x'),
  ]
  expect(
    treeText(nodes, false)
      .split('\n')
      .map((line) => line.trimEnd()),
  ).toEqual([
    'RESOURCE         NAMESPACE',
    'Deployment/d',
    '├─ReplicaSet/r1',
    '│ └─Pod/p1',
    '└─ReplicaSet/r2',
    'Pod/lost',
    '',
  ])
})
