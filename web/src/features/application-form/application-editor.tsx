/** Being written. */
import type { Application } from '../../lib/api.ts'

export interface ApplicationEditorProps {
  application?: Application
  onClose(): void
  onSaved(application: Application): void
}

export default function ApplicationEditor(_props: ApplicationEditorProps) {
  return null
}
