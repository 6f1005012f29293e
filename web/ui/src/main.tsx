import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import './design/base.css'
import { App } from './app/App'
import { useSession } from './auth/session'
import { startLanguage } from './i18n'

const root = document.getElementById('root')

if (root) {
  await startLanguage()
  void useSession.getState().start()
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
