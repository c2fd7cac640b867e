import { expect, test } from 'vitest'
import { type KubeObject, keyOf, keyText } from '../model/index.ts'
import { inferOwners, ownerByKey } from './inferred-owners.ts'
import { PackedObject } from './live-object.ts'
import { openObjectIndex } from './object-index.ts'

interface Given {
  uid: string
  kind?: string
  name?: string
  owners?: string[]
  instance?: string
  spec?: object
}

function openIndex() {
  const all = new Map<string, PackedObject>()
  const index = openObjectIndex((key) => all.get(keyText(key)))
  return {
    ...index,
    add({ uid, kind = 'Thing', name = uid, owners = [], instance, spec }: Given): PackedObject {
      const object: KubeObject = { apiVersion: 'v1', kind, metadata: { name, namespace: 'shop', uid }, spec }
      if (kind === 'StatefulSet') object.apiVersion = 'apps/v1'
      const key = keyOf(object)
      const current = new PackedObject(object, {
        key,
        instance,
        full: true,
        load: undefined,
        owners: [...owners, ...inferOwners(key).map(ownerByKey)],
      })
      const previous = all.get(keyText(key))
      all.set(keyText(key), current)
      index.apply({ previous, current })
      return current
    },
  }
}

const names = (objects: { key: { name: string } }[]) => objects.map(({ key }) => key.name).sort()

test('an object is found by its application until it leaves it', () => {
  const index = openIndex()
  index.add({ uid: 'a', instance: 'web' })
  index.add({ uid: 'b', instance: 'web' })
  expect(names(index.managedBy('web'))).toEqual(['a', 'b'])
  index.add({ uid: 'a', instance: 'other' })
  expect(names(index.managedBy('web'))).toEqual(['b'])
  expect(names(index.managedBy('other'))).toEqual(['a'])
})

test('what happens deep down is told to every application above, also when owners form a circle', () => {
  const index = openIndex()
  index.add({ uid: 'root', instance: 'web', owners: ['leaf'] })
  index.add({ uid: 'middle', owners: ['root', 'second'] })
  index.add({ uid: 'second', instance: 'other' })
  const leaf = index.add({ uid: 'leaf', owners: ['middle', 'unknown'] })
  expect([...index.instancesAbove(leaf)].sort()).toEqual(['other', 'web'])
  expect(names(index.children('middle'))).toEqual(['leaf'])
})

test('children are found whether they or their owner come first', () => {
  const index = openIndex()
  index.add({ uid: 'child', owners: ['owner'] })
  index.add({ uid: 'owner', instance: 'web' })
  expect(names(index.children('owner'))).toEqual(['child'])
})

test('claims stand below the set that they were made for', () => {
  const index = openIndex()
  const claim = index.add({ uid: 'c', kind: 'PersistentVolumeClaim', name: 'data-web-0' })
  index.add({ uid: 'd', kind: 'PersistentVolumeClaim', name: 'other-web-0' })
  const spec = { volumeClaimTemplates: [{ metadata: { name: 'data' } }] }
  index.add({ uid: 's', kind: 'StatefulSet', name: 'web', instance: 'web', spec })
  expect(names(index.children('s'))).toEqual(['data-web-0'])
  expect([...index.instancesAbove(claim)]).toEqual(['web'])
})
