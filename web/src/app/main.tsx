/** Starts the page. */
import { setNonce } from 'get-nonce'
import { createRoot } from 'react-dom/client'
import '../ui/tokens.css'
import { listenForShortcuts } from '../lib/shortcuts.ts'
import { followOtherTabs } from '../lib/stored.ts'
import { styleNonce } from '../lib/style-nonce.ts'
import { applyTheme } from '../lib/theme.ts'
import { App } from './app.tsx'

setNonce(styleNonce())
applyTheme()
followOtherTabs()
listenForShortcuts()
const root = document.getElementById('root')
if (!root) throw new Error('the page has no element with the id root')
createRoot(root).render(<App />)
