/** The columns that `kubectl get` shows, and how their cells are written. */
import type { KubeObject } from '../object.ts'
import { fields, list, text } from './fields.ts'
import { ageOf } from './human-duration.ts'
import type { TableColumn } from './kind.ts'

interface ColumnOptions {
  type?: string
  description?: string
  /** Only with -o wide. */
  wide?: boolean
}

export function column(name: string, cell: TableColumn['cell'], options: ColumnOptions = {}): TableColumn {
  const { type = 'string', description = '', wide = false } = options
  return { name, type, format: '', description, priority: wide ? 1 : 0, cell }
}

const aboutName =
  'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names'

const aboutAge =
  'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata'

export const nameColumn: TableColumn = {
  ...column('Name', (object) => object.metadata.name ?? '', { description: aboutName }),
  format: 'name',
}

export const ageColumn = column('Age', (object, now) => ageOf(object.metadata.creationTimestamp, now), {
  description: aboutAge,
})

/** What kinds without a printer of their own show. */
export const plainColumns: TableColumn[] = [
  nameColumn,
  column('Created At', (object) => object.metadata.creationTimestamp ?? '', { type: 'date', description: aboutAge }),
]

/** Name and age around what a kind adds. */
export function columns(...between: TableColumn[]): TableColumn[] {
  return [
    nameColumn,
    ...between.filter(({ priority }) => priority === 0),
    ageColumn,
    ...between.filter(({ priority }) => priority > 0),
  ]
}

export function orNone(value: string): string {
  return value === '' ? '<none>' : value
}

export function orUnset(value: string): string {
  return value === '' ? '<unset>' : value
}

export function specOf(object: KubeObject): Record<string, unknown> {
  return fields(object.spec)
}

export function statusOf(object: KubeObject): Record<string, unknown> {
  return fields(object.status)
}

/** The columns of a pod template and its selector, shown by -o wide. */
export function templateColumns(
  templateOf: (object: KubeObject) => unknown,
  about: { containers?: string; images?: string } = {},
): TableColumn[] {
  const containers = (object: KubeObject) => list(fields(fields(templateOf(object)).spec).containers)
  return [
    column(
      'Containers',
      (object) =>
        containers(object)
          .map(({ name }) => text(name))
          .join(','),
      {
        wide: true,
        description: about.containers ?? 'Names of each container in the template.',
      },
    ),
    column(
      'Images',
      (object) =>
        containers(object)
          .map(({ image }) => text(image))
          .join(','),
      {
        wide: true,
        description: about.images ?? 'Images referenced by each container in the template.',
      },
    ),
  ]
}
