/** The question before a repository is forgotten: which applications read from it. */
import { useQueryClient } from '@tanstack/react-query'
import { Link } from 'wouter'
import { api } from '../../../lib/api.ts'
import { count, useLanguage } from '../../../lib/language.ts'
import { paths } from '../../../lib/paths.ts'
import { Confirm } from '../../../ui/confirm.tsx'
import { Notice } from '../../../ui/notice.tsx'
import type { Purpose } from '../parts/purpose.ts'
import { type Repository, repositoriesKey, repositoryRoutes, useApplicationsOf } from './ask-repositories.ts'
import { useRepositoryTexts } from './texts.ts'

export function RemoveRepository({
  purpose,
  repository: { repo = '', project },
  onClose,
}: {
  purpose: Purpose
  repository: Repository
  onClose(): void
}) {
  const t = useRepositoryTexts()
  const language = useLanguage()
  const client = useQueryClient()
  const { data } = useApplicationsOf(repo)

  async function remove(): Promise<void> {
    await api.call(repositoryRoutes(purpose).delete, {
      params: { repo },
      query: { ...(project && { appProject: project }) },
    })
    await client.invalidateQueries({ queryKey: repositoriesKey })
  }

  return (
    <Confirm title={t.removeTitle(repo)} action={t.removeAction} run={remove} onClose={onClose}>
      <p>{t.removeText}</p>
      {data && data.many === 0 && <Notice>{t.unused}</Notice>}
      {data && data.many > 0 && (
        <Notice tone="drift" title={t.used(count(language, data.many, t.one, t.other))}>
          {data.items.map(({ metadata: { name, namespace = '' } }) => (
            <div key={`${namespace}/${name}`}>
              <Link href={paths.application(namespace, name)}>{name}</Link>
            </div>
          ))}
          {data.many > data.items.length && t.and(data.many - data.items.length)}
        </Notice>
      )}
    </Confirm>
  )
}
