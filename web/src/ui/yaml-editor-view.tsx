/** The editor behind YamlEditor. */
import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  startCompletion,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, foldGutter, foldKeymap, indentUnit } from '@codemirror/language'
import { type Diagnostic, linter, lintGutter } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useMemo, useRef, useState } from 'react'
import { type Language, useLanguage } from '../lib/language.ts'
import { classes } from './classes.ts'
import { codeLook } from './code-theme.ts'
import type { JsonSchema } from './json-schema.ts'
import { completeYaml } from './yaml-completion.ts'
import styles from './yaml-editor.module.css'
import type { YamlEditorProps } from './yaml-editor.tsx'
import { isWarning, problemTexts, useProblemTexts } from './yaml-problem-texts.ts'
import { type YamlProblem, yamlProblems } from './yaml-problems.ts'

const checkMs = 250

export default function YamlEditorView({ value, onChange, label, readOnly = false, schema }: YamlEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const language = useLanguage()
  const [problems, setProblems] = useState<YamlProblem[]>([])
  const latest = useRef({ value, onChange })
  latest.current.onChange = onChange
  const extensions = useMemo(
    () => extensionsOf({ label, readOnly, schema, language, onProblems: setProblems }),
    [label, readOnly, schema, language],
  )

  useEffect(() => {
    if (!host.current) return
    const state = EditorState.create({
      doc: latest.current.value,
      extensions: [
        extensions,
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return
          const text = update.state.doc.toString()
          if (text === latest.current.value) return
          latest.current.value = text
          latest.current.onChange?.(text)
        }),
      ],
    })
    const mine = new EditorView({ state, parent: host.current })
    view.current = mine
    return () => mine.destroy()
  }, [extensions])

  useEffect(() => {
    if (value === latest.current.value || !view.current) return
    latest.current.value = value
    replaceText(view.current, value)
  }, [value])

  function goTo({ from }: YamlProblem): void {
    view.current?.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) })
    view.current?.focus()
  }

  return (
    <>
      <div ref={host} className={styles.host} />
      <ProblemLine text={latest.current.value} problems={problems} onOpen={goTo} />
    </>
  )
}

/** Only what differs is replaced: the cursor, what is folded and where one has scrolled to stay. */
export function replaceText(view: EditorView, text: string): void {
  const changes = smallestChange(view.state.doc.toString(), text)
  if (changes) view.dispatch({ changes })
}

export function smallestChange(
  before: string,
  after: string,
): { from: number; to: number; insert: string } | undefined {
  if (before === after) return undefined
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start++
  let end = 0
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) }
}

interface Setup {
  label: string
  readOnly: boolean
  schema: JsonSchema | undefined
  language: Language
  onProblems(problems: YamlProblem[]): void
}

function extensionsOf({ label, readOnly, schema, language, onProblems }: Setup): Extension {
  return [
    codeLook(language),
    yaml(),
    lineNumbers(),
    foldGutter(),
    bracketMatching(),
    search({ top: true }),
    highlightSelectionMatches(),
    indentUnit.of('  '),
    EditorState.tabSize.of(2),
    EditorView.contentAttributes.of({ 'aria-label': label }),
    readOnly
      ? [
          EditorState.readOnly.of(true),
          // Without a caret, but reached and scrolled by keys.
          EditorView.editable.of(false),
          EditorView.contentAttributes.of({ tabindex: '0', 'aria-readonly': 'true' }),
        ]
      : [
          highlightActiveLineGutter(),
          history(),
          linter((view) => diagnosticsOf(view, { schema, language, onProblems }), { delay: checkMs }),
          lintGutter(),
          schema ? autocompletion({ override: [(context) => complete(context, schema)], icons: false }) : [],
        ],
    keymap.of([...searchKeymap, ...historyKeymap, ...foldKeymap, ...defaultKeymap]),
  ]
}

function diagnosticsOf(
  view: EditorView,
  { schema, language, onProblems }: Pick<Setup, 'schema' | 'language' | 'onProblems'>,
): Diagnostic[] {
  const problems = yamlProblems(view.state.doc.toString(), schema)
  onProblems(problems)
  return problems.map((problem) => ({
    from: problem.from,
    to: problem.to,
    severity: isWarning(problem) ? 'warning' : 'error',
    message: problemTexts[language](problem),
  }))
}

function complete(context: CompletionContext, schema: JsonSchema): CompletionResult | null {
  const text = context.state.doc.toString()
  const found = completeYaml(text, context.pos, schema)
  if (!found || found.choices.length === 0) return null
  const isAsked = context.explicit || found.from < context.pos || /: $/.test(text.slice(0, context.pos))
  if (!isAsked) return null
  return {
    from: found.from,
    validFor: /^[\w./-]*$/,
    options: found.choices.map(({ label, insert, detail, info }) => ({
      label,
      detail,
      ...(info && { info }),
      apply: (view, _choice, from, to) => {
        view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length } })
        if (/\s$/.test(insert)) startCompletion(view)
      },
    })),
  }
}

/** The first thing that is wrong, in words, where it cannot be overlooked. */
function ProblemLine({
  text,
  problems: [first, ...others],
  onOpen,
}: {
  text: string
  problems: YamlProblem[]
  onOpen(problem: YamlProblem): void
}) {
  const t = useProblemTexts()
  if (!first) return null
  const line = text.slice(0, first.from).split('\n').length
  return (
    <button
      type="button"
      className={classes(styles.problem, isWarning(first) && styles.warning)}
      onClick={() => onOpen(first)}
    >
      <span className={styles.line}>{t.line(line)}</span>
      <span>{t.of(first)}</span>
      {others.length > 0 && <span className={styles.more}>{t.more(others.length)}</span>}
    </button>
  )
}
