/** The comparison behind YamlDiff. */
import { yaml } from '@codemirror/lang-yaml'
import { MergeView, originalDocChangeEffect, unifiedMergeView } from '@codemirror/merge'
import { search, searchKeymap } from '@codemirror/search'
import { ChangeSet, EditorState, type Extension, StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, keymap, lineNumbers, WidgetType } from '@codemirror/view'
import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { type Language, texts, useLanguage } from '../lib/language.ts'
import { classes } from './classes.ts'
import { codeLook } from './code-theme.ts'
import type { DiffMark, YamlDiffProps } from './yaml-diff.tsx'
import styles from './yaml-editor.module.css'
import { replaceText, smallestChange } from './yaml-editor-view.tsx'
import { placeOfField } from './yaml-path.ts'

const narrow = '(max-width: 760px)'
const folding = { margin: 3, minSize: 6 }
/** Characters: beyond it, lines are compared as wholes. */
const diffConfig = { scanLimit: 2000, timeout: 300 }

const useTexts = texts({
  en: { before: 'before', after: 'after' },
  fr: { before: 'avant', after: 'après' },
})

const noMarks: DiffMark[] = []

export default function YamlDiffView({ label, mode = 'split', marks = noMarks, names, ...texts }: YamlDiffProps) {
  // No empty line at the end.
  const before = texts.before.trimEnd()
  const after = texts.after.trimEnd()
  const t = useTexts()
  const host = useRef<HTMLDivElement>(null)
  const shown = useRef<Comparison>(undefined)
  const language = useLanguage()
  const isNarrow = useSyncExternalStore(subscribeToWidth, () => matchMedia(narrow).matches)
  const isSplit = mode === 'split' && !isNarrow
  const labels = useMemo(
    () => ({ before: `${label}: ${names?.before ?? t.before}`, after: `${label}: ${names?.after ?? t.after}` }),
    [label, names?.before, names?.after, t],
  )
  const latest = useRef({ before, after, marks })
  latest.current = { before, after, marks }

  useEffect(() => {
    if (!host.current) return
    const open = isSplit ? sideBySide : unified
    shown.current = open(host.current, { ...latest.current, labels, language })
    shown.current.update(latest.current)
    return () => shown.current?.close()
  }, [isSplit, labels, language])

  useEffect(() => shown.current?.update({ before, after, marks }), [before, after, marks])

  return (
    <>
      {names && (
        <div className={classes(!isSplit && styles.unified)} aria-hidden="true">
          <div className={styles.names}>
            <span>{isSplit ? names.before : `− ${names.before}`}</span>
            <span>{isSplit ? names.after : `+ ${names.after}`}</span>
          </div>
        </div>
      )}
      <div ref={host} className={styles.merge} />
    </>
  )
}

function subscribeToWidth(listener: () => void): () => void {
  const query = matchMedia(narrow)
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

interface Content {
  before: string
  after: string
  marks: DiffMark[]
}

interface Comparison {
  update(content: Content): void
  close(): void
}

interface Opening extends Content {
  labels: { before: string; after: string }
  language: Language
}

function sideBySide(parent: HTMLElement, { before, after, labels, language }: Opening): Comparison {
  const merge = new MergeView({
    a: { doc: before, extensions: extensionsOf(labels.before, language) },
    b: { doc: after, extensions: extensionsOf(labels.after, language) },
    parent,
    gutter: false,
    collapseUnchanged: folding,
    diffConfig,
  })
  return {
    update(content) {
      replaceText(merge.a, content.before)
      replaceText(merge.b, content.after)
      const here = notesIn(content.after, content.marks)
      // A field that is gone is pointed to where it was.
      const gone = content.marks.filter(({ path }) => !placeOfField(content.after, path)?.isExact)
      const there = notesIn(content.before, gone).filter(({ isExact }) => isExact)
      const told = new Set(there.map(({ mark }) => mark))
      merge.a.dispatch({ effects: setNotes.of(there) })
      merge.b.dispatch({ effects: setNotes.of(here.filter(({ mark }) => !told.has(mark))) })
    },
    close: () => merge.destroy(),
  }
}

function unified(parent: HTMLElement, { before, after, labels, language }: Opening): Comparison {
  const view = new EditorView({
    parent,
    doc: after,
    extensions: [
      extensionsOf(labels.after, language),
      unifiedMergeView({
        original: before,
        mergeControls: false,
        gutter: false,
        collapseUnchanged: folding,
        diffConfig,
      }),
    ],
  })
  let original = before
  return {
    update(content) {
      const change = smallestChange(original, content.before)
      if (change) {
        const changes = ChangeSet.of(change, original.length)
        view.dispatch({ effects: originalDocChangeEffect(view.state, changes) })
        original = content.before
      }
      replaceText(view, content.after)
      view.dispatch({ effects: setNotes.of(notesIn(content.after, content.marks)) })
    },
    close: () => view.destroy(),
  }
}

function extensionsOf(label: string, language: Language): Extension {
  return [
    codeLook(language),
    look,
    yaml(),
    lineNumbers(),
    notes,
    search({ top: true }),
    EditorView.lineWrapping,
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': 'true', tabindex: '0' }),
    keymap.of(searchKeymap),
  ]
}

interface Note {
  line: number
  text: string
  isExact: boolean
  mark: DiffMark
}

function notesIn(text: string, marks: DiffMark[]): Note[] {
  return marks.flatMap((mark) => {
    const place = placeOfField(text, mark.path)
    return place ? [{ ...place, text: mark.note, mark }] : []
  })
}

const setNotes = StateEffect.define<Note[]>()

const notes = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setNotes)) return decorations(effect.value, transaction.state)
    }
    return shown.map(transaction.changes)
  },
  provide: (field) => EditorView.decorations.from(field),
})

/** One for each line: two fields of a line have mostly the same author. */
function decorations(all: Note[], state: EditorState): DecorationSet {
  const byLine = new Map<number, Set<string>>()
  for (const { line, text } of all) {
    if (line <= state.doc.lines) byLine.set(line, (byLine.get(line) ?? new Set()).add(text))
  }
  const ranges = [...byLine].map(([line, said]) =>
    Decoration.widget({ widget: new NoteWidget([...said].join(' · ')), side: 1 }).range(state.doc.line(line).to),
  )
  return Decoration.set(ranges, true)
}

class NoteWidget extends WidgetType {
  readonly text: string

  constructor(text: string) {
    super()
    this.text = text
  }

  override eq(other: NoteWidget): boolean {
    return other.text === this.text
  }

  toDOM(): HTMLElement {
    const note = document.createElement('span')
    note.className = 'cm-note'
    note.textContent = this.text
    return note
  }
}

const look = EditorView.theme({
  '.cm-note': {
    marginLeft: '16px',
    padding: '1px 6px',
    borderRadius: '3px',
    background: 'var(--drift-soft)',
    color: 'var(--drift)',
    fontFamily: 'var(--font)',
    fontSize: '11px',
    whiteSpace: 'nowrap',
  },
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { background: 'var(--removed)' },
  '&.cm-merge-b .cm-changedLine, .cm-insertedLine, &:not(.cm-merge-a) .cm-changedLine': { background: 'var(--added)' },
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': {
    background: 'color-mix(in srgb, var(--bad) 24%, transparent)',
    textDecoration: 'none',
  },
  '&.cm-merge-b .cm-changedText, &:not(.cm-merge-a) .cm-changedText': {
    background: 'color-mix(in srgb, var(--good) 26%, transparent)',
    textDecoration: 'none',
  },
  '.cm-deletedChunk': { padding: '0 12px 0 8px' },
  '.cm-deletedLine, .cm-deletedLine del': { textDecoration: 'none' },
  '.cm-collapsedLines': {
    padding: '4px 12px',
    background: 'var(--sunken)',
    color: 'var(--text-3)',
    fontFamily: 'var(--font)',
    cursor: 'pointer',
  },
  '.cm-collapsedLines:before': { content: '"⋯"', marginInlineEnd: '8px' },
  '.cm-collapsedLines:after': { content: '""', margin: '0' },
  '&.cm-merge-b': { borderLeft: '1px solid var(--line)' },
  '.cm-collapsedLines:hover': { color: 'var(--text)' },
})
