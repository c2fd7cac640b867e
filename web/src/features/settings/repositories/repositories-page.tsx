/** Repositories: whether each can be read, and when that was tried. */
import { useQueryClient } from '@tanstack/react-query'
import { Ellipsis, Pencil, Plus, RefreshCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../../lib/api.ts'
import { useRights } from '../../../lib/rights.ts'
import { useSearchState } from '../../../lib/search-state.ts'
import { Answer } from '../../../ui/answer.tsx'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Menu } from '../../../ui/menu.tsx'
import { Page } from '../../../ui/page.tsx'
import { Status } from '../../../ui/status.tsx'
import { Time } from '../../../ui/time.tsx'
import { useTell } from '../../../ui/toasts.tsx'
import { Dotted, Item, ItemList } from '../parts/item-list.tsx'
import { type Purpose, purposeIn, repositoryResource } from '../parts/purpose.ts'
import { PurposeChoice } from '../parts/purpose-choice.tsx'
import { useSettingsTexts } from '../texts.ts'
import { type Repository, repositoriesKey, repositoryRoutes, useRepositories } from './ask-repositories.ts'
import { RemoveRepository } from './remove-repository.tsx'
import { RepositoryPanel } from './repository-panel.tsx'
import { useRepositoryTexts } from './texts.ts'

const statusOf: Record<string, string> = { Successful: 'Succeeded', Failed: 'Failed' }

export default function RepositoriesPage() {
  const t = useRepositoryTexts()
  const { pages } = useSettingsTexts()
  const search = useSearchState()
  const purpose = purposeIn(search)
  const repositories = useRepositories(purpose)
  const rights = useRights({ create: { resource: repositoryResource(purpose), action: 'create', object: '*' } })
  const [removed, setRemoved] = useState<Repository>()
  const isAdding = search.get('add') !== undefined
  const edited = repositories.data?.find(({ repo }) => repo !== undefined && repo === search.get('edit'))
  const close = () => search.set({ add: undefined, edit: undefined })
  const add = rights.create && (
    <Button kind="primary" icon={<Plus />} onClick={() => search.set({ add: 'yes' })}>
      {t.add}
    </Button>
  )
  return (
    <Page title={pages.repos.name} lead={t.lead} actions={add}>
      <PurposeChoice />
      <Answer query={repositories}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={rights.create ? t.none : t.noneVisible} actions={add}>
              {rights.create && (purpose === 'read' ? t.noneText : t.writeNone)}
            </Empty>
          ) : (
            <ItemList label={pages.repos.name}>
              {all.map((repository) => (
                <RepositoryItem
                  key={`${repository.project} ${repository.repo}`}
                  purpose={purpose}
                  repository={repository}
                  onEdit={() => search.set({ edit: repository.repo })}
                  onRemove={() => setRemoved(repository)}
                />
              ))}
            </ItemList>
          )
        }
      </Answer>
      {isAdding && <RepositoryPanel purpose={purpose} onClose={close} />}
      {edited && <RepositoryPanel key={edited.repo} purpose={purpose} repository={edited} onClose={close} />}
      {removed && <RemoveRepository purpose={purpose} repository={removed} onClose={() => setRemoved(undefined)} />}
    </Page>
  )
}

interface RepositoryItemProps {
  purpose: Purpose
  repository: Repository
  onEdit(): void
  onRemove(): void
}

function RepositoryItem({ purpose, repository, onEdit, onRemove }: RepositoryItemProps) {
  const t = useRepositoryTexts()
  const client = useQueryClient()
  const tell = useTell()
  const [isTrying, setTrying] = useState(false)
  const { repo = '', name, type = 'git', project, inheritedCreds, connectionState } = repository
  const object = project ? `${project}/${repo}` : repo
  const resource = repositoryResource(purpose)
  const rights = useRights({
    update: { resource, action: 'update', object },
    delete: { resource, action: 'delete', object },
  })
  const state = connectionState?.status ?? 'Unknown'

  async function tryAgain(): Promise<void> {
    setTrying(true)
    try {
      const query = { forceRefresh: true, ...(project && { appProject: project }) }
      await api.call(repositoryRoutes(purpose).get, { params: { repo }, query })
      await client.invalidateQueries({ queryKey: repositoriesKey })
    } catch (error) {
      tell.failed(repo, error)
    }
    setTrying(false)
  }

  return (
    <Item
      title={<code>{repo}</code>}
      about={
        <Dotted>
          {[
            name,
            type,
            project && t.projectOf(project),
            inheritedCreds && t.inherited,
            connectionState?.attemptedAt && (
              <>
                {t.tested} <Time at={connectionState.attemptedAt} />
              </>
            ),
          ]}
        </Dotted>
      }
      status={
        <Status
          status={isTrying ? 'Running' : (statusOf[state] ?? 'Unknown')}
          word={isTrying ? t.testing : (t.states[state] ?? state)}
        />
      }
      problem={state === 'Failed' && connectionState?.message}
      note={state === 'Unknown' && connectionState?.message}
      actions={
        <Menu
          trigger={
            <IconButton label={t.menu(repo)}>
              <Ellipsis />
            </IconButton>
          }
          groups={[
            [
              { label: t.testAgain, icon: <RefreshCw size={14} />, run: () => void tryAgain() },
              ...(rights.update ? [{ label: t.edit, icon: <Pencil size={14} />, run: onEdit }] : []),
            ],
            rights.delete ? [{ label: t.remove, icon: <Trash2 size={14} />, run: onRemove, danger: true }] : [],
          ]}
        />
      }
    />
  )
}
