/** The terminal itself. */
import { FitAddon } from '@xterm/addon-fit'
import { type ITheme, Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { useEffect, useRef } from 'react'
import { styleNonce } from '../../../lib/style-nonce.ts'
import { useTheme } from '../../../lib/theme.ts'
import styles from './terminal.module.css'
import { connectTerminal, type TerminalEnd } from './terminal-connection.ts'

export interface TerminalViewProps {
  label: string
  /** Another one is another shell. */
  address: string
  onOpen(): void
  onEnd(end: TerminalEnd): void
}

export default function TerminalView({ label, address, onOpen, onEnd }: TerminalViewProps) {
  const host = useRef<HTMLDivElement>(null)
  const latest = useRef({ onOpen, onEnd, label })
  latest.current = { onOpen, onEnd, label }
  const shown = useRef<Terminal>(undefined)
  const theme = useTheme()

  useEffect(() => {
    if (!host.current) return
    const createElement = elementMaker()
    const terminal = new Terminal({
      documentOverride: ownDocument(createElement),
      fontFamily: variable('--mono'),
      fontSize: 13,
      cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      scrollback: 10_000,
      screenReaderMode: false,
      theme: colours(),
    })
    shown.current = terminal
    const fit = new FitAddon()
    terminal.loadAddon(fit)
    openIn(host.current, terminal, createElement)
    terminal.textarea?.setAttribute('aria-label', latest.current.label)
    fit.fit()
    const connection = connectTerminal(address, {
      opened() {
        connection.resize({ rows: terminal.rows, cols: terminal.cols })
        latest.current.onOpen()
        terminal.focus()
      },
      output: (text) => terminal.write(text),
      ended: (end) => latest.current.onEnd(end),
    })
    terminal.onData((data) => connection.type(data))
    terminal.onResize(({ rows, cols }) => connection.resize({ rows, cols }))
    const observer = new ResizeObserver(() => fit.fit())
    observer.observe(host.current)
    return () => {
      observer.disconnect()
      connection.close()
      terminal.dispose()
    }
  }, [address])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are others then
  useEffect(() => {
    if (shown.current) shown.current.options.theme = colours()
  }, [theme])

  return <div ref={host} className={styles.screen} />
}

/**
 * The terminal makes style elements and style attributes as it goes. The content policy takes elements that carry the page's
 * word, and no attributes; the same by script it takes.
 */
function elementMaker(): typeof document.createElement {
  const make = document.createElement.bind(document)
  const nonce = styleNonce()
  return (name: string, options?: ElementCreationOptions) => {
    const element = make(name, options)
    if (name === 'style') element.nonce = nonce
    if (name === 'span') {
      element.setAttribute = (attribute, value) => {
        if (attribute === 'style') element.style.cssText = value
        else Element.prototype.setAttribute.call(element, attribute, value)
      }
    }
    return element
  }
}

/** What it makes later, line by line. */
function ownDocument(createElement: typeof document.createElement): Document {
  return new Proxy(document, {
    get(real, name) {
      if (name === 'createElement') return createElement
      const value = Reflect.get(real, name, real)
      return typeof value === 'function' ? value.bind(real) : value
    },
    set: (real, name, value) => Reflect.set(real, name, value, real),
  })
}

/** Its scrollbar asks the page's document, and only here. */
function openIn(host: HTMLElement, terminal: Terminal, createElement: typeof document.createElement): void {
  document.createElement = createElement
  try {
    terminal.open(host)
  } finally {
    Reflect.deleteProperty(document, 'createElement')
  }
}

function variable(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

function colours(): ITheme {
  return {
    background: variable('--sunken'),
    foreground: variable('--text'),
    cursor: variable('--text'),
    cursorAccent: variable('--sunken'),
    selectionBackground: `${variable('--accent')}44`,
    black: variable('--text'),
    brightBlack: variable('--text-3'),
    red: variable('--bad'),
    brightRed: variable('--bad'),
    green: variable('--good'),
    brightGreen: variable('--good'),
    yellow: variable('--drift'),
    brightYellow: variable('--drift'),
    blue: variable('--accent'),
    brightBlue: variable('--accent'),
    magenta: variable('--paused'),
    brightMagenta: variable('--paused'),
    cyan: variable('--busy'),
    brightCyan: variable('--busy'),
    white: variable('--text-2'),
    brightWhite: variable('--text'),
  }
}
