/** Namespace. */
import type { KubeObject } from '../../object.ts'
import { child, fallback, fallbackText, isFields, text } from '../fields.ts'
import type { Kind } from '../kind.ts'
import { labelName } from '../name-rules.ts'
import { withStatus } from '../subresource-status.ts'
import { column, columns, specOf, statusOf } from '../table.ts'

const nameLabel = 'kubernetes.io/metadata.name'

const shared = withStatus({ initial: () => ({ phase: 'Active' }), uncounted: true })

function setDefaults(object: KubeObject): void {
  const { name = '' } = object.metadata
  // The label says the name, whatever a client asks for.
  if (name !== '') object.metadata.labels = { ...object.metadata.labels, [nameLabel]: name }
  fallback(object, 'spec', {})
  if (isFields(object.status)) fallbackText(object.status, 'phase', 'Active')
}

export const namespace: Kind = {
  ...shared,
  nameRule: labelName,
  setDefaults,
  prepareForCreate(object) {
    shared.prepareForCreate?.(object)
    setDefaults(object)
    const spec = child(object, 'spec')
    const finalizers = (spec.finalizers as string[] | undefined) ?? []
    if (!finalizers.includes('kubernetes')) spec.finalizers = [...finalizers, 'kubernetes']
  },
  prepareForUpdate(object, old) {
    shared.prepareForUpdate?.(object, old)
    // Finalizers of the spec go only through the subresource finalize.
    object.spec = structuredClone(specOf(old))
  },
  selectableFields: (object) => ({ 'status.phase': text(statusOf(object).phase), name: object.metadata.name ?? '' }),
  columns: columns(column('Status', (object) => text(statusOf(object).phase))),
}
