/** How code looks and what its parts say, in the colours and words of the page; light and dark come from its variables. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import type { Language } from '../lib/language.ts'
import { styleNonce } from '../lib/style-nonce.ts'

const control = {
  height: '26px',
  padding: '0 8px',
  border: '1px solid var(--line-control)',
  borderRadius: 'var(--radius)',
  background: 'var(--surface)',
  backgroundImage: 'none',
  color: 'var(--text)',
  fontFamily: 'var(--font)',
  fontSize: 'var(--type-12)',
}

const look = EditorView.theme({
  '&': { background: 'var(--surface)', color: 'var(--text)', fontSize: 'var(--type-12)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '18px' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 12px 0 8px' },
  '.cm-gutters': { background: 'var(--surface)', color: 'var(--text-3)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 8px 0 12px', minWidth: '32px' },
  '.cm-foldGutter .cm-gutterElement': { padding: '0 2px', cursor: 'pointer' },
  '.cm-activeLine, .cm-activeLineGutter': { background: 'transparent' },
  '&.cm-focused .cm-activeLineGutter': { color: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--accent) 22%, transparent)',
  },
  '.cm-selectionMatch': { background: 'var(--accent-soft)' },
  '.cm-searchMatch': { background: 'var(--drift-soft)', outline: '1px solid var(--drift-shape)' },
  '.cm-searchMatch-selected': { background: 'color-mix(in srgb, var(--drift-shape) 45%, transparent)' },
  '&.cm-focused .cm-matchingBracket': { background: 'var(--accent-soft)' },
  '&.cm-focused .cm-nonmatchingBracket': { background: 'var(--bad-soft)' },
  '.cm-foldPlaceholder': { background: 'var(--quiet-soft)', border: 'none', color: 'var(--text-2)', padding: '0 6px' },
  '.cm-panels': { background: 'var(--sunken)', color: 'var(--text)', fontFamily: 'var(--font)', zIndex: '3' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-panel.cm-search': { padding: '8px 32px 8px 8px', fontSize: 'var(--type-12)' },
  '.cm-panel.cm-search label': { fontSize: 'var(--type-12)', color: 'var(--text-2)' },
  '.cm-panel.cm-search [name=close]': {
    top: '6px',
    right: '6px',
    width: '24px',
    height: '24px',
    color: 'var(--text-2)',
    cursor: 'pointer',
  },
  '.cm-textfield': { ...control, verticalAlign: 'middle' },
  '.cm-button': { ...control, borderColor: 'var(--line-strong)', cursor: 'pointer' },
  '.cm-button:hover': { background: 'var(--hover)' },
  '.cm-tooltip': {
    background: 'var(--surface)',
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius)',
    boxShadow: 'var(--shadow)',
    fontFamily: 'var(--font)',
    fontSize: 'var(--type-12)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '240px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px', lineHeight: '18px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--accent-soft)',
    color: 'var(--text)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--accent)', fontWeight: '600' },
  '.cm-completionDetail': { color: 'var(--text-3)', fontStyle: 'normal', marginLeft: '12px' },
  '.cm-completionInfo': { maxWidth: '340px', padding: '6px 10px', color: 'var(--text-2)', lineHeight: '17px' },
  '.cm-lintRange': { backgroundImage: 'none', textUnderlineOffset: '3px' },
  '.cm-lintRange-error': { textDecoration: 'underline wavy var(--bad) 1px' },
  '.cm-lintRange-warning': { textDecoration: 'underline wavy var(--drift-shape) 1px' },
  '.cm-diagnostic': { padding: '6px 10px', borderLeft: '0' },
  '.cm-gutter-lint': { width: '12px' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '5px 2px' },
  '.cm-lint-marker': {
    width: '8px',
    height: '8px',
    content: 'none',
    borderRadius: '50%',
    background: 'var(--drift-shape)',
  },
  '.cm-lint-marker-error': {
    borderRadius: '0',
    clipPath: 'polygon(50% 0, 100% 100%, 0 100%)',
    background: 'var(--bad)',
  },
})

const colours = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: 'var(--accent)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--text-3)', fontStyle: 'italic' },
  { tag: [tags.labelName, tags.typeName, tags.keyword, tags.meta], color: 'var(--paused)' },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: 'var(--text-3)' },
])

const french = {
  Find: 'Chercher',
  Replace: 'Remplacer par',
  next: 'suivant',
  previous: 'précédent',
  all: 'tous',
  'match case': 'casse',
  'by word': 'mot entier',
  regexp: 'regexp',
  replace: 'remplacer',
  'replace all': 'tout remplacer',
  close: 'fermer',
  'current match': 'trouvé',
  'on line': 'à la ligne',
  'replaced $ matches': '$ remplacés',
  'replaced match on line $': 'remplacé à la ligne $',
  'Go to line': 'Aller à la ligne',
  go: 'aller',
  'folded code': 'replié',
  unfold: 'déplier',
  'Fold line': 'Replier',
  'Unfold line': 'Déplier',
  'Folded lines': 'Lignes repliées',
  'Unfolded lines': 'Lignes dépliées',
  to: 'à',
  Completions: 'Propositions',
  Diagnostics: 'Problèmes',
  'No diagnostics': 'Aucun problème',
  '$ unchanged lines': '$ lignes inchangées',
}

export function codeLook(language: Language): Extension {
  return [
    EditorView.cspNonce.of(styleNonce()),
    look,
    syntaxHighlighting(colours),
    language === 'fr' ? EditorState.phrases.of(french) : [],
  ]
}
