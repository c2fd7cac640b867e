/** Projects: which there are, and each by itself. */
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { count, useLanguage } from '../../../lib/language.ts'
import { paths } from '../../../lib/paths.ts'
import { useRights } from '../../../lib/rights.ts'
import { useSearchState } from '../../../lib/search-state.ts'
import { Answer } from '../../../ui/answer.tsx'
import { Button } from '../../../ui/button.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Field, TextInput } from '../../../ui/field.tsx'
import { Page } from '../../../ui/page.tsx'
import { FormPanel } from '../parts/form-panel.tsx'
import { Dotted, Item, ItemList } from '../parts/item-list.tsx'
import { useSettingsTexts } from '../texts.ts'
import { useApplicationCounts, useProjects, useProjectWriter } from './ask-projects.ts'
import { ProjectDetail } from './project-detail.tsx'
import { useProjectTexts } from './texts.ts'

export default function ProjectsPage({ name }: { name?: string | undefined }) {
  return name === undefined ? <ProjectList /> : <ProjectDetail key={name} name={name} />
}

function ProjectList() {
  const t = useProjectTexts()
  const language = useLanguage()
  const { pages } = useSettingsTexts()
  const search = useSearchState()
  const projects = useProjects()
  const counts = useApplicationCounts()
  const rights = useRights({ create: { resource: 'projects', action: 'create', object: '*' } })
  return (
    <Page
      title={pages.projects.name}
      lead={t.lead}
      actions={
        rights.create && (
          <Button kind="primary" icon={<Plus />} onClick={() => search.set({ add: 'yes' })}>
            {t.add}
          </Button>
        )
      }
    >
      <Answer query={projects}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={t.none} />
          ) : (
            <ItemList label={pages.projects.name}>
              {all.map(({ metadata: { name }, spec: { description, roles = [], syncWindows = [] } }) => (
                <Item
                  key={name}
                  title={name}
                  href={paths.project(name)}
                  about={
                    <Dotted>
                      {[
                        description,
                        roles.length > 0 && count(language, roles.length, ...t.roles),
                        syncWindows.length > 0 && count(language, syncWindows.length, ...t.windows),
                      ]}
                    </Dotted>
                  }
                  status={counts.data && count(language, counts.data[name] ?? 0, ...t.applications)}
                />
              ))}
            </ItemList>
          )
        }
      </Answer>
      {search.get('add') !== undefined && <NewProject onClose={() => search.set({ add: undefined })} />}
    </Page>
  )
}

function NewProject({ onClose }: { onClose(): void }) {
  const t = useProjectTexts()
  const writer = useProjectWriter()
  const [, navigate] = useLocation()
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')

  async function create(): Promise<void> {
    await writer.create(name.trim(), description.trim())
    navigate(paths.project(name.trim()))
  }

  return (
    <FormPanel
      shape="dialog"
      title={t.newTitle}
      description={t.newAbout}
      action={t.create}
      disabled={name.trim() === ''}
      submit={create}
      stays
      onClose={onClose}
    >
      <Field label={t.name} hint={t.nameHint}>
        {(field) => (
          <TextInput {...field} mono value={name} onChange={(event) => setName(event.target.value)} autoFocus />
        )}
      </Field>
      <Field label={t.description} hint={t.descriptionHint}>
        {(field) => (
          <TextInput {...field} value={description} onChange={(event) => setDescription(event.target.value)} />
        )}
      </Field>
    </FormPanel>
  )
}
