import { cleanup, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { findViolations, openScreen } from '@/test/screen'
import { startServer, type FakeServer } from '@/test/server'

import { useSession } from './session'
import { readDestination } from './SignIn'

let server: FakeServer
beforeEach(async () => {
  server = await startServer()
  server.hasSession = false
})
afterEach(() => {
  cleanup()
  return server.close()
})

const fill = async (email: string, password: string) => {
  if (email) await userEvent.type(await screen.findByLabelText('E-mail'), email)
  if (password) await userEvent.type(screen.getByLabelText('Senha'), password)
  await userEvent.click(screen.getByRole('button', { name: 'Entrar' }))
}

describe('signing in', () => {
  it('brings a stranger from any address to the form', async () => {
    await openScreen(server, '/t/thread-1')
    expect(await screen.findByRole('heading', { name: 'Entrar' })).toBeTruthy()
    expect(location.pathname).toBe('/sign-in')
  })

  it('leads back to where one wanted to go', async () => {
    server.details['thread-1'] = { id: 'thread-1', title: 'Antes', last_seq: 0, turns: [] }
    await openScreen(server, '/t/thread-1?c=conversation-1')
    await screen.findByLabelText('E-mail')
    await fill('alice@casaaurora.com.br', 'aurora')
    await screen.findByLabelText('Sua pergunta')
    expect(location.pathname + location.search).toBe('/t/thread-1?c=conversation-1')
  })

  it('says that e-mail or password are wrong, in the language of the screen', async () => {
    await openScreen(server, '/sign-in')
    await screen.findByLabelText('E-mail')
    await fill('alice@casaaurora.com.br', 'outra')
    expect((await screen.findByRole('alert')).textContent).toBe('E-mail ou senha não conferem. Confira os dois e tente de novo.')
  })

  it.each([
    ['', '', 'E-mail', 'Escreva seu e-mail.'],
    ['alice', 'aurora', 'E-mail', 'Este e-mail parece incompleto. Exemplo: nome@empresa.com.br'],
    ['alice@casaaurora.com.br', '', 'Senha', 'Escreva sua senha.'],
  ])('checks %j and %j before sending', async (email, password, label, problem) => {
    await openScreen(server, '/sign-in')
    await screen.findByLabelText('E-mail')
    await fill(email, password)
    const field = screen.getByLabelText(label)
    expect(document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent).toBe(problem)
    expect(document.activeElement).toBe(field)
    expect(server.requests.filter((route) => route === 'POST /auth/token')).toEqual([])
  })

  it('speaks the language that is chosen', async () => {
    await openScreen(server, '/sign-in')
    await userEvent.click(await screen.findByRole('button', { name: 'English' }))
    expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeTruthy()
    expect(document.documentElement.lang).toBe('en')
  })

  it('has nothing that axe objects to', async () => {
    await openScreen(server, '/sign-in')
    await screen.findByLabelText('E-mail')
    expect(await findViolations()).toEqual([])
  })
})

describe('the language after signing in', () => {
  const asPortuguese = async () => {
    await screen.findByLabelText('E-mail')
    await fill('alice@casaaurora.com.br', 'aurora')
  }
  const asEnglish = async (password: string) => {
    await userEvent.click(await screen.findByRole('button', { name: 'English' }))
    await signInEnglish(password)
  }
  const signInEnglish = async (password: string) => {
    const name = await screen.findByLabelText('E-mail')
    await screen.findByRole('button', { name: 'Sign in' })
    await userEvent.clear(name)
    await userEvent.type(name, 'alice@casaaurora.com.br')
    await userEvent.clear(screen.getByLabelText('Password'))
    await userEvent.type(screen.getByLabelText('Password'), password)
    await userEvent.click(screen.getByRole('button', { name: 'Sign in' }))
  }
  const changes = () => server.requests.filter((route) => route === 'PATCH /me')

  it('is the one chosen on the form, which becomes that of the account', async () => {
    await openScreen(server, '/sign-in')
    await asEnglish('aurora')
    await screen.findByLabelText('Your question')
    expect([server.me.language, document.documentElement.lang, useSession.getState().me?.language]).toEqual(['en', 'en', 'en'])
    expect(changes()).toEqual(['PATCH /me'])
  })

  it('is still the one chosen after a password that was wrong', async () => {
    await openScreen(server, '/sign-in')
    await asEnglish('outra')
    await screen.findByText(/do not match/)
    await signInEnglish('aurora')
    await screen.findByLabelText('Your question')
    expect(server.me.language).toBe('en')
  })

  it('is still the one chosen after a server that did not say who is here', async () => {
    server.routes['GET /me'] = () => [503, { error: { code: 'unavailable', message: '' } }]
    await openScreen(server, '/sign-in')
    await asEnglish('aurora')
    await waitFor(() => expect(screen.getByRole('alert').textContent).not.toBe(''))
    delete server.routes['GET /me']
    server.hasSession = false
    await signInEnglish('aurora')
    await screen.findByLabelText('Your question')
    expect(server.me.language).toBe('en')
  })

  it("is the account's where nobody chose one, whatever the browser wants", async () => {
    server.me = { ...server.me, language: 'es' }
    await openScreen(server, '/sign-in')
    await asPortuguese()
    await screen.findByLabelText('Tu pregunta')
    expect([server.me.language, changes()]).toEqual(['es', []])
  })

  it("is the account's again for who signs in next: a choice counts once", async () => {
    await openScreen(server, '/sign-in')
    await asEnglish('aurora')
    await screen.findByLabelText('Your question')
    await useSession.getState().signOut()
    server.me = { ...server.me, language: 'pt' }
    await useSession.getState().signIn('alice@casaaurora.com.br', 'aurora')
    await screen.findByLabelText('Sua pergunta')
    expect([server.me.language, changes()]).toEqual(['pt', ['PATCH /me']])
  })

  it("is the account's where the account can't be changed, so that page and answers agree", async () => {
    server.routes['PATCH /me'] = () => [503, { error: { code: 'unavailable', message: '' } }]
    await openScreen(server, '/sign-in')
    await asEnglish('aurora')
    await screen.findByLabelText('Sua pergunta')
    expect(document.documentElement.lang).toBe('pt-BR')
  })
})

describe('a session', () => {
  it('goes on after a reload, by the cookie alone', async () => {
    server.hasSession = true
    await openScreen(server, '/')
    await screen.findByLabelText('Sua pergunta')
    expect(server.requests.slice(0, 2)).toEqual(['POST /auth/refresh', 'GET /me'])
  })

  it('is refreshed once when several requests find it too old', async () => {
    server.hasSession = true
    await openScreen(server, '/')
    await screen.findByText('Como está a satisfação?')
    server.requests.length = 0
    server.access = 'access-2'
    const { api } = await import('@/api/http')
    await Promise.all([api.status(), api.suggestions(), api.me()])
    expect(server.requests.filter((route) => route === 'POST /auth/refresh')).toEqual(['POST /auth/refresh'])
  })

  it('that has ended says so on the form', async () => {
    server.hasSession = true
    await openScreen(server, '/')
    await screen.findByText('Como está a satisfação?')
    server.access = 'access-2'
    server.hasSession = false
    const { api } = await import('@/api/http')
    await api.status().catch(() => undefined)
    expect((await screen.findByRole('alert')).textContent).toBe('Sua sessão terminou. Entre de novo para continuar de onde parou.')
  })
})

it.each([
  [{ from: '/t/1' }, '/t/1'],
  [{ from: '//evil.example' }, '/'],
  [{ from: 'https://evil.example' }, '/'],
  [null, '/'],
])('a destination %j leads to %s', (state, expected) => {
  expect(readDestination(state)).toBe(expected)
})
