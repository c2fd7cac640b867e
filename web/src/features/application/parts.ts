/** What other features bring to the page of one application: the page says where they stand, and knows no more of them. */
import type { ComponentType } from 'react'
import type { Application } from '../../lib/api.ts'
import type { ResourceAddress } from '../../lib/paths.ts'

type OfApplication = { application: Application }

export interface ApplicationParts {
  /** One object: its reasons, changes, YAML, events, logs, terminal, actions. */
  ResourcePanel: ComponentType<OfApplication & { address: Required<ResourceAddress>; onClose(): void }>
  /** What differs, field by field. */
  Changes: ComponentType<OfApplication>
  /** The plan of a sync, and its progress. */
  SyncPanel: ComponentType<OfApplication & { onClose(): void }>
  /** What was deployed, and the way back. */
  History: ComponentType<OfApplication>
  ApplicationEditor: ComponentType<OfApplication & { onClose(): void; onSaved(): void }>
}
