/** One project: what it permits, its roles, its sync windows. */
import { Ellipsis, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { paths } from '../../../lib/paths.ts'
import { useRights } from '../../../lib/rights.ts'
import { useSearchState } from '../../../lib/search-state.ts'
import { Answer } from '../../../ui/answer.tsx'
import { IconButton } from '../../../ui/button.tsx'
import { Confirm } from '../../../ui/confirm.tsx'
import { Menu } from '../../../ui/menu.tsx'
import { Page } from '../../../ui/page.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import styles from '../parts/parts.module.css'
import { useProject, useProjectWriter } from './ask-projects.ts'
import { RolesTab } from './roles/roles-tab.tsx'
import { RulesTab } from './rules/rules-tab.tsx'
import { useProjectTexts } from './texts.ts'
import { WindowsTab } from './windows/windows-tab.tsx'
import { YamlTab } from './yaml-tab.tsx'

const tabs = ['rules', 'roles', 'windows', 'yaml'] as const

export function ProjectDetail({ name }: { name: string }) {
  const t = useProjectTexts()
  const search = useSearchState()
  const [, navigate] = useLocation()
  const project = useProject(name)
  const writer = useProjectWriter()
  const [isRemoving, setRemoving] = useState(false)
  const rights = useRights({
    update: { resource: 'projects', action: 'update', object: name },
    delete: { resource: 'projects', action: 'delete', object: name },
  })
  const open = tabs.find((tab) => tab === search.get('tab')) ?? 'rules'

  async function remove(): Promise<void> {
    await writer.remove(name)
    navigate(paths.settingsPage('projects'))
  }

  return (
    <Page
      title={name}
      lead={project.data?.project.spec.description}
      actions={
        rights.delete &&
        name !== 'default' && (
          <Menu
            trigger={
              <IconButton label={t.remove}>
                <Ellipsis />
              </IconButton>
            }
            groups={[[{ label: t.remove, icon: <Trash2 size={14} />, danger: true, run: () => setRemoving(true) }]]}
          />
        )
      }
    >
      <Answer query={project}>
        {(detailed) => {
          const props = { detailed, mayEdit: rights.update === true }
          return (
            <Tabs
              label={t.tabsLabel}
              open={open}
              onOpen={(tab) => search.set({ tab: tab === 'rules' ? undefined : tab })}
              tabs={[
                { id: 'rules', label: t.tabs.rules, content: <RulesTab {...props} /> },
                {
                  id: 'roles',
                  label: <Counted label={t.tabs.roles} many={detailed.project.spec.roles?.length} />,
                  content: <RolesTab {...props} />,
                },
                {
                  id: 'windows',
                  label: <Counted label={t.tabs.windows} many={detailed.project.spec.syncWindows?.length} />,
                  content: <WindowsTab {...props} />,
                },
                { id: 'yaml', label: t.tabs.yaml, content: <YamlTab {...props} /> },
              ]}
            />
          )
        }}
      </Answer>
      {isRemoving && (
        <Confirm
          title={t.removeTitle(name)}
          action={t.remove}
          typed={name}
          run={remove}
          onClose={() => setRemoving(false)}
        >
          {t.removeText}
        </Confirm>
      )}
    </Page>
  )
}

function Counted({ label, many = 0 }: { label: string; many?: number | undefined }) {
  return (
    <>
      {label}
      {many > 0 && <span className={styles.tabCount}> {many}</span>}
    </>
  )
}
