/** Keys that do something on a page: `s`, `/`, or two after each other such as `g a`. */
import { useEffect, useRef } from 'react'

export interface Shortcut {
  /** As typed, such as `g a`, `?` or `mod+k`; `mod` is Control, or Command on a Mac. */
  keys: string
  /** What it does, as the list of shortcuts says it. */
  label: string
  run(): void
}

/** A pause longer than this ends a sequence. */
const sequenceMs = 1200
const registered = new Set<() => Shortcut[]>()

/** In force while what calls it is on the page; what came last wins. */
export function useShortcuts(shortcuts: Shortcut[]): void {
  const latest = useRef(shortcuts)
  latest.current = shortcuts
  useEffect(() => {
    const give = () => latest.current
    registered.add(give)
    return () => void registered.delete(give)
  }, [])
}

/** All in force. */
export function shortcutsInForce(): Shortcut[] {
  const byKeys = new Map<string, Shortcut>()
  for (const give of registered) for (const shortcut of give()) byKeys.set(shortcut.keys, shortcut)
  return [...byKeys.values()]
}

/** Once, when the page starts. */
export function listenForShortcuts(): void {
  let before = ''
  let at = 0
  addEventListener('keydown', (event) => {
    const key = keyOf(event)
    if (event.defaultPrevented || key === undefined) return
    if (!key.startsWith('mod+') && (isTyping(event.target) || document.querySelector('[role=dialog][data-modal]')))
      return
    const sequence = event.timeStamp - at < sequenceMs && before !== '' ? `${before} ${key}` : key
    const all = shortcutsInForce()
    const found = all.find(({ keys }) => keys === sequence) ?? all.find(({ keys }) => keys === key)
    before = key
    at = event.timeStamp
    if (!found) return
    event.preventDefault()
    before = ''
    found.run()
  })
}

function keyOf({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): string | undefined {
  if (altKey) return undefined
  if (ctrlKey || metaKey) return `mod+${key.toLowerCase()}`
  return key
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable=true], .xterm') !== null
}
