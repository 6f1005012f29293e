/** The whole screen in a test, against a server of its own. */
import { render } from '@testing-library/react'
import axe from 'axe-core'

import { App } from '@/app/App'
import { dropAccess } from '@/api/http'
import { useSession } from '@/auth/session'
import { startLanguage } from '@/i18n'

import type { FakeServer } from './server'

/** Opens an address of the screen as a browser does: the language, the session, then the page. */
export async function openScreen(server: FakeServer, path: string): Promise<void> {
  const { jsdom } = globalThis as unknown as { jsdom: { reconfigure: (settings: { url: string }) => void } }
  jsdom.reconfigure({ url: server.origin + path })
  sessionStorage.clear()
  localStorage.clear()
  dropAccess()
  useSession.setState({ status: 'starting', me: null, hasExpired: false })
  await startLanguage('pt')
  void useSession.getState().start()
  render(<App />)
}

/** The ids of what axe finds; jsdom draws nothing, so colours are looked at in a real browser. */
export async function findViolations(): Promise<string[]> {
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } })
  return violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html ?? ''}`)
}
