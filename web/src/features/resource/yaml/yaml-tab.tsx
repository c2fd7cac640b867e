/** The object as the cluster has it, and as Git declares it; the live one can be changed by who may. */
import { useState } from 'react'
import { failureText } from '../../../lib/api.ts'
import { texts } from '../../../lib/language.ts'
import { useSearchState } from '../../../lib/search-state.ts'
import { Button } from '../../../ui/button.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Checkbox } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { YamlEditor } from '../../../ui/yaml-editor.tsx'
import { objectYaml } from '../object-yaml.ts'
import { type LiveObject, useLiveObject } from '../queries/live-object.ts'
import { comparisonVersion, useManagedResources } from '../queries/managed-resources.ts'
import type { ObjectRights, TabProps } from '../resource-panel.tsx'
import { EditLive } from './edit-live.tsx'
import styles from './yaml.module.css'

const useTexts = texts({
  en: {
    which: 'Which state',
    live: 'In the cluster',
    desired: 'In Git',
    managers: 'managedFields',
    edit: 'Edit the live object',
    copy: 'Copy the YAML',
    label: (kind: string, name: string) => `YAML of ${kind} ${name}`,
    failed: 'The object cannot be read',
    notLive: 'It is not in the cluster',
    notDeclared: 'Git does not declare it',
  },
  fr: {
    which: 'Quel état',
    live: 'Dans le cluster',
    desired: 'Dans Git',
    managers: 'managedFields',
    edit: 'Modifier l’objet en place',
    copy: 'Copier le YAML',
    label: (kind: string, name: string) => `YAML de ${kind} ${name}`,
    failed: 'L’objet est illisible',
    notLive: 'Il n’est pas dans le cluster',
    notDeclared: 'Git ne le déclare pas',
  },
})

export default function YamlTab({ application, address, node, rights }: TabProps & { rights: ObjectRights }) {
  const t = useTexts()
  const search = useSearchState()
  const { object, error } = useLiveObject(application, address, node)
  const [showsManagers, setShowsManagers] = useState(false)
  const [edited, setEdited] = useState<LiveObject>()
  const isLive = node?.uid !== undefined
  const side = search.get('state') === 'desired' || !isLive ? 'desired' : 'live'
  if (edited && node)
    return <EditLive application={application} node={node} object={edited} onClose={() => setEdited(undefined)} />
  const label = t.label(address.kind, address.name)
  return (
    <div className={styles.yaml}>
      <div className={styles.tools}>
        <Segmented
          label={t.which}
          chosen={side}
          onChoose={(chosen) => search.set({ state: chosen === 'desired' ? 'desired' : undefined })}
          choices={[
            { id: 'live', label: t.live },
            { id: 'desired', label: t.desired },
          ]}
        />
        {side === 'live' && (
          <>
            <Checkbox
              label={t.managers}
              checked={showsManagers}
              onChange={(event) => setShowsManagers(event.target.checked)}
            />
            <span className={styles.end}>
              {rights.update && object && <Button onClick={() => setEdited(object)}>{t.edit}</Button>}
            </span>
          </>
        )}
      </div>
      {side === 'desired' ? (
        <Desired {...{ application, address, label }} none={t.notDeclared} copy={t.copy} />
      ) : error ? (
        <Notice tone="bad" title={t.failed}>
          {failureText(error)}
        </Notice>
      ) : !object ? (
        <Skeleton rows={10} height={12} />
      ) : (
        <Shown text={objectYaml(object, { hidesManagedFields: !showsManagers })} label={label} copy={t.copy} />
      )}
    </div>
  )
}

function Desired({
  application,
  address,
  label,
  none,
  copy,
}: Pick<TabProps, 'application' | 'address'> & { label: string; none: string; copy: string }) {
  const { resources, error } = useManagedResources(application, { address, version: comparisonVersion(application) })
  if (error) return <Notice tone="bad">{failureText(error)}</Notice>
  if (!resources) return <Skeleton rows={10} height={12} />
  const text = objectYaml(JSON.parse(resources[0]?.targetState || 'null'))
  return text === '' ? <Empty title={none} /> : <Shown text={text} label={label} copy={copy} />
}

function Shown({ text, label, copy }: { text: string; label: string; copy: string }) {
  return (
    <div className={styles.shown}>
      <YamlEditor value={text} label={label} readOnly height="100%" />
      <span className={styles.copy}>
        <CopyButton text={text} label={copy} />
      </span>
    </div>
  )
}
