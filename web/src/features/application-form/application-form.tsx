/** The form of an application, section by section. */
import { DestinationSection } from './destination-section.tsx'
import { GeneralSection } from './general-section.tsx'
import { IgnoreSection } from './ignore-section.tsx'
import { PolicySection } from './policy-section.tsx'
import { SourceSection } from './source-section.tsx'

export function ApplicationForm() {
  return (
    <>
      <GeneralSection />
      <SourceSection />
      <DestinationSection />
      <PolicySection />
      <IgnoreSection />
    </>
  )
}
