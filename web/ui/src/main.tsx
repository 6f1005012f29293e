import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import './design/base.css'
import { App } from './app/App'
import { useSession } from './auth/session'
import { startLanguage } from './i18n'

// A page that was open while a newer one was installed asks for files that are gone: it becomes the newer one.
addEventListener('vite:preloadError', (event) => {
  const last = Number(sessionStorage.getItem('evosense.reloaded') ?? 0)
  if (Date.now() - last < 60_000) return
  sessionStorage.setItem('evosense.reloaded', String(Date.now()))
  event.preventDefault()
  location.reload()
})

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
