/** Which cluster and namespace the objects go to. */
import { Field, TextInput } from '../../ui/field.tsx'
import { textAt, valueAt } from './draft.ts'
import { useDraft } from './draft-context.ts'
import { DraftText } from './draft-fields.tsx'
import { Columns, Section } from './section.tsx'
import { useClusters } from './suggestions.ts'
import { useFormTexts } from './texts.ts'

const destination = ['spec', 'destination']

export function DestinationSection() {
  const t = useFormTexts()
  const { draft, set, problem, touch } = useDraft()
  const clusters = useClusters()
  const text = textAt(draft, [...destination, 'server']) || textAt(draft, [...destination, 'name'])

  function name(cluster: string): void {
    const { name: _name, server: _server, ...rest } = (valueAt(draft, destination) ?? {}) as Record<string, unknown>
    set(destination, { ...rest, ...(/^https?:\/\//.test(cluster) ? { server: cluster } : { name: cluster }) })
  }

  return (
    <Section title={t.destination}>
      <Columns>
        <Field label={t.cluster} hint={t.clusterHint} error={problem([...destination, 'name'])}>
          {(wiring) => (
            <>
              <TextInput
                {...wiring}
                mono
                list="clusters"
                value={text}
                onChange={({ target }) => name(target.value)}
                onBlur={() => touch([...destination, 'name'])}
              />
              <datalist id="clusters">
                {clusters.map((one) => (
                  <option key={one} value={one} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <DraftText
          path={[...destination, 'namespace']}
          label={t.destinationNamespace}
          hint={t.destinationNamespaceHint}
          mono
        />
      </Columns>
    </Section>
  )
}
