/** Changes a live object: what is different is shown before it is sent, and only that is sent. */
import { useMemo, useState } from 'react'
import { type Application, failureText, hasStatus, type ResourceNode } from '../../../lib/api.ts'
import { texts } from '../../../lib/language.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { useTell } from '../../../ui/toasts.tsx'
import { YamlDiff } from '../../../ui/yaml-diff.tsx'
import { YamlEditor } from '../../../ui/yaml-editor.tsx'
import { isChanged, mergePatch, objectYaml, readObject, withPatch } from '../object-yaml.ts'
import { type LiveObject, readLiveObject } from '../queries/live-object.ts'
import { patchObject } from '../queries/object-actions.ts'
import { addressOf } from '../queries/object-address.ts'
import styles from './yaml.module.css'

const useTexts = texts({
  en: {
    label: (name: string) => `Edit ${name}`,
    warning: 'This changes the cluster and not Git. What Git declares differently will show as a deviation.',
    healed: 'Automated sync heals deviations here: fields that Git declares will be set back at once.',
    cancel: 'Cancel',
    review: 'Review the changes',
    nothing: 'Nothing has been changed',
    identity: 'apiVersion, kind, name and namespace say which object it is: they cannot be changed.',
    title: (kind: string, name: string) => `Change ${kind} ${name}?`,
    lead: 'Only these fields are sent to the cluster.',
    send: (kind: string, name: string) => `Change ${kind} ${name}`,
    back: 'Back to the editor',
    done: (name: string) => `${name} has been changed.`,
    changed: (what: string) => `${what} has been changed by somebody else since you opened it`,
    changedText: 'Nothing has been sent. Load it as it is now: what you have typed is kept, as a change of that.',
    takeOver: 'Load it, and keep my changes',
    before: 'Before',
    after: 'After',
  },
  fr: {
    label: (name: string) => `Modifier ${name}`,
    warning: 'Ceci change le cluster et non Git. Ce que Git déclare autrement apparaîtra comme écart.',
    healed:
      'La synchronisation automatique corrige les écarts ici : les champs que Git déclare seront rétablis aussitôt.',
    cancel: 'Annuler',
    review: 'Relire les changements',
    nothing: 'Rien n’a été changé',
    identity: 'apiVersion, kind, nom et espace de noms disent de quel objet il s’agit : ils ne se changent pas.',
    title: (kind: string, name: string) => `Modifier ${kind} ${name} ?`,
    lead: 'Seuls ces champs sont envoyés au cluster.',
    send: (kind: string, name: string) => `Modifier ${kind} ${name}`,
    back: 'Retour à l’éditeur',
    done: (name: string) => `${name} a été modifié.`,
    changed: (what: string) => `${what} a été modifié par quelqu’un d’autre depuis que vous l’avez ouvert`,
    changedText:
      'Rien n’a été envoyé. Rechargez-le tel qu’il est : ce que vous avez saisi est gardé, comme changement de celui-ci.',
    takeOver: 'Recharger et garder mes changements',
    before: 'Avant',
    after: 'Après',
  },
})

type PatchOfObject = { metadata?: object }

/** Controllers write a status every few seconds at most. */
const mostAttempts = 4

interface EditLiveProps {
  application: Application
  node: ResourceNode
  /** As it was when one began. */
  object: LiveObject
  onClose(): void
}

export function EditLive({ application, node, object, onClose }: EditLiveProps) {
  const t = useTexts()
  const tell = useTell()
  const [base, setBase] = useState(object)
  const before = useMemo(() => objectYaml(base, { hidesStatus: true }), [base])
  const [text, setText] = useState(before)
  const [failure, setFailure] = useState<string>()
  const [patch, setPatch] = useState<PatchOfObject>()
  /** What somebody else has made of it since it was opened. */
  const [changed, setChanged] = useState<LiveObject>()
  const [isBusy, setBusy] = useState(false)
  const { kind = '', name = '' } = node
  const automated = application.spec.syncPolicy?.automated
  const isHealed = automated?.selfHeal === true && automated.enabled !== false

  function review(): void {
    setFailure(undefined)
    try {
      const from = readObject(before)
      const to = readObject(text)
      const found = mergePatch(from, to)
      if (identity(from) !== identity(to)) setFailure(t.identity)
      else if (found === undefined) setFailure(t.nothing)
      else setPatch(found as PatchOfObject)
    } catch (error) {
      setFailure(failureText(error))
    }
  }

  async function send(): Promise<void> {
    if (!patch) return
    setBusy(true)
    setFailure(undefined)
    try {
      const refused = await sendUnlessChanged(patch)
      if (refused) {
        setChanged(refused)
        setPatch(undefined)
      } else {
        tell.done(t.done(name))
        onClose()
      }
    } catch (error) {
      setFailure(failureText(error))
    }
    setBusy(false)
  }

  /** Answers with the object as it is now, where somebody has changed it. The version in the patch lets nobody slip in between. */
  async function sendUnlessChanged(wanted: PatchOfObject): Promise<LiveObject | undefined> {
    for (let attempt = 1; ; attempt++) {
      const now = await readLiveObject(application, { address: addressOf(node), version: node.version })
      if (isChanged(base, now)) return now
      const { resourceVersion } = now.metadata ?? {}
      try {
        await patchObject(application, node, { ...wanted, metadata: { ...wanted.metadata, resourceVersion } })
        return undefined
      } catch (error) {
        // A controller has written its status meanwhile.
        if (!hasStatus(error, 409) || attempt === mostAttempts) throw error
      }
    }
  }

  /** What is typed is a change of what there was: the same change of what there is now. */
  function takeOver(now: LiveObject): void {
    try {
      const wanted = withPatch(now, mergePatch(readObject(before), readObject(text)) ?? {})
      setText(objectYaml(wanted, { hidesStatus: true }))
      setBase(now)
      setChanged(undefined)
      setFailure(undefined)
    } catch (error) {
      setFailure(failureText(error))
    }
  }

  const problem = failure !== undefined && <Notice tone="bad">{failure}</Notice>
  return (
    <div className={styles.yaml}>
      <Notice tone={isHealed ? 'drift' : 'info'}>{isHealed ? t.healed : t.warning}</Notice>
      <div className={styles.shown}>
        <YamlEditor value={text} onChange={setText} label={t.label(name)} height="100%" />
      </div>
      {!patch && problem}
      {changed && (
        <Notice
          tone="drift"
          title={t.changed(`${kind} ${name}`)}
          actions={<Button onClick={() => takeOver(changed)}>{t.takeOver}</Button>}
        >
          {t.changedText}
        </Notice>
      )}
      <div className={styles.tools}>
        <span className={styles.end}>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button kind="primary" disabled={changed !== undefined} onClick={review}>
            {t.review}
          </Button>
        </span>
      </div>
      {patch && (
        <Dialog
          title={t.title(kind, name)}
          description={t.lead}
          shape="wide panel"
          onClose={() => setPatch(undefined)}
          footer={
            <>
              <Button onClick={() => setPatch(undefined)}>{t.back}</Button>
              <Button kind="primary" busy={isBusy} onClick={() => void send()}>
                {t.send(kind, name)}
              </Button>
            </>
          }
        >
          {problem}
          <YamlDiff
            before={before}
            after={text}
            label={`${kind} ${name}`}
            names={{ before: t.before, after: t.after }}
          />
        </Dialog>
      )}
    </div>
  )
}

function identity(object: Record<string, unknown>): string {
  const { apiVersion, kind, metadata } = object as LiveObject
  return JSON.stringify([apiVersion, kind, metadata?.name, metadata?.namespace, metadata?.uid])
}
