import { cleanup, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { ClientMessage } from '@/api/types'
import { detail, turnEvents } from '@/test/cast'
import { findViolations, openScreen } from '@/test/screen'
import { startServer, type FakeServer } from '@/test/server'

let server: FakeServer
beforeEach(async () => {
  server = await startServer()
})
afterEach(() => {
  cleanup()
  return server.close()
})

const QUESTION = 'Como está a satisfação?'
const field = () => screen.findByLabelText<HTMLTextAreaElement>('Sua pergunta')
const ask = async (question: string) => {
  await userEvent.click(await field())
  await userEvent.paste(question)
  await userEvent.keyboard('{Enter}')
}
const asked = () => server.heard.filter((message) => message.type === 'ask')
const article = () => screen.findByRole('article', { name: QUESTION })
const eventsFor = (message: Extract<ClientMessage, { type: 'ask' }>, turnId = 'turn-1', firstSeq = 1) =>
  turnEvents({ turnId, firstSeq, question: message.question, clientId: message.client_id })

describe('a question', () => {
  it('is understood first, then counted, then told', async () => {
    await openScreen(server, '/')
    await ask(QUESTION)
    await waitFor(() => expect(asked()).toHaveLength(1))
    const events = eventsFor(asked()[0]!)
    const turn = within(await article())

    server.say(...events.slice(0, 2))
    const understood = within(await turn.findByRole('group', { name: 'Como entendi' }))
    await understood.findByText('1 a 9 de novembro')
    expect(understood.getByText('(Você não disse; usei o padrão.)')).toBeTruthy()
    expect(turn.queryByText('4,12')).toBeNull()

    server.say(events[2]!)
    await turn.findByText('4,12')
    expect(turn.queryByText('A satisfação foi 4,12.')).toBeNull()

    server.say(...events.slice(3))
    await turn.findByText('A satisfação foi 4,12.')
    expect(turn.getByText('184 de 190 conversas analisadas, 6 aguardando')).toBeTruthy()
    expect(turn.getByText('O período ainda não terminou.')).toBeTruthy()
    expect(turn.getByText(/^respondido aqui mesmo, pelo EvoSense · em 84 ms · 9 de nov/, { normalizer: (text) => text.replaceAll('\u00a0', ' ') })).toBeTruthy()
  })

  it('opens a thread with an address of its own, and stays on screen meanwhile', async () => {
    await openScreen(server, '/')
    server.onAsk = (message) => server.say(...eventsFor(message))
    await ask(QUESTION)
    await screen.findByText('A satisfação foi 4,12.')
    await waitFor(() => expect(location.pathname).toBe('/t/thread-1'))
    expect(screen.getAllByRole('article')).toHaveLength(1)
    expect((await field()).value).toBe('')
  })

  it('is announced to a screen reader once, whole', async () => {
    await openScreen(server, '/')
    server.onAsk = (message) => server.say(...eventsFor(message))
    await ask(QUESTION)
    await waitFor(() => expect(screen.getByTestId('announcer').textContent).toBe('Resposta: A satisfação foi 4,12.'))
  })

  it('follows up in the same thread from a suggestion', async () => {
    await openScreen(server, '/')
    server.onAsk = (message) => server.say(...(message.thread_id ? eventsFor(message, 'turn-2', 7) : eventsFor(message)))
    await ask(QUESTION)
    await userEvent.click(await screen.findByRole('button', { name: 'E por atendente?' }))
    await screen.findByRole('article', { name: 'E por atendente?' })
    expect(asked().map(({ question, thread_id, language }) => [question, thread_id, language])).toEqual([
      [QUESTION, null, 'pt'],
      ['E por atendente?', 'thread-1', 'pt'],
    ])
  })

  it('takes a new line with Shift+Enter and sends nothing', async () => {
    await openScreen(server, '/')
    await userEvent.type(await field(), 'uma{Shift>}{Enter}{/Shift}duas')
    expect((await field()).value).toBe('uma\nduas')
    expect(asked()).toEqual([])
  })

  it('can be stopped', async () => {
    await openScreen(server, '/')
    server.onAsk = (message) => server.say(eventsFor(message)[0]!)
    await ask(QUESTION)
    await userEvent.click(await screen.findByRole('button', { name: 'Parar' }))
    await waitFor(() => expect(server.heard.at(-1)).toEqual({ type: 'stop', turn_id: 'turn-1' }))
    server.say({ type: 'turn.failed', seq: 2, thread_id: 'thread-1', turn_id: 'turn-1', at: '', data: { error: { code: 'stopped', message: '' } } })
    await screen.findByText('Você parou esta resposta.')
  })

  it('that failed says why and can be asked again', async () => {
    await openScreen(server, '/')
    server.onAsk = (message) => server.say(eventsFor(message)[0]!)
    await ask(QUESTION)
    await screen.findByText('Entendendo a pergunta', { selector: 'span' })
    server.say({ type: 'turn.failed', seq: 2, thread_id: 'thread-1', turn_id: 'turn-1', at: '', data: { error: { code: 'unavailable', message: 'O banco não respondeu.' } } })
    expect(await screen.findByText('O banco não respondeu.')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Perguntar de novo' }))
    await waitFor(() => expect(asked().map(({ thread_id }) => thread_id)).toEqual([null, 'thread-1']))
  })
})

describe('a lost line', () => {
  it('misses nothing: what was sent meanwhile is replayed from the last event seen', async () => {
    await openScreen(server, '/')
    server.onAsk = (message) => server.say(...eventsFor(message).slice(0, 3))
    await ask(QUESTION)
    await screen.findByText('4,12')
    const events = eventsFor(asked()[0]!)
    server.onResume = ({ after_seq }) => server.say(...events.filter((event) => event.seq > after_seq))
    server.hangUp()
    await screen.findByText('A satisfação foi 4,12.', undefined, { timeout: 4000 })
    expect(server.heard.filter((message) => message.type === 'resume')).toContainEqual({ type: 'resume', thread_id: 'thread-1', after_seq: 3 })
    expect(asked()).toHaveLength(1)
  })

  it('asks for what is missing when an event has fallen out', async () => {
    await openScreen(server, '/')
    server.onAsk = (message) => server.say(...eventsFor(message).filter((event) => event.seq !== 3))
    server.onResume = ({ after_seq }) => server.say(...eventsFor(asked()[0]!).filter((event) => event.seq > after_seq))
    await ask(QUESTION)
    await screen.findByText('A satisfação foi 4,12.')
    expect(server.heard).toContainEqual({ type: 'resume', thread_id: 'thread-1', after_seq: 2 })
  })

  it('with a token that has grown old is taken up with a new one', async () => {
    await openScreen(server, '/')
    await screen.findByText(QUESTION)
    server.requests.length = 0
    server.access = 'access-2'
    server.hangUp(4401)
    await waitFor(() => expect(server.requests).toContain('POST /auth/refresh'))
    server.onAsk = (message) => server.say(...eventsFor(message))
    await ask(QUESTION)
    await screen.findByText('A satisfação foi 4,12.')
  })

  it('that never opens is done without: the answer comes over HTTP', async () => {
    server.isLive = false
    server.details['thread-1'] = detail({})
    await openScreen(server, '/')
    await screen.findByText(/Sem conexão ao vivo/, undefined, { timeout: 8000 })
    await ask(QUESTION)
    await screen.findByText('A satisfação foi 4,12.')
    expect(server.requests.filter((route) => route === 'POST /ask')).toEqual(['POST /ask'])
  }, 15_000)
})

describe('a stored thread', () => {
  beforeEach(() => {
    server.details['thread-1'] = detail({})
    server.threads = [{ id: 'thread-1', title: QUESTION, updated_at: new Date().toISOString(), turns: 1 }]
  })

  it('is there after a reload, by its address', async () => {
    await openScreen(server, '/t/thread-1')
    await screen.findByText('A satisfação foi 4,12.')
    expect(document.title).toBe('Como está a satisfação? · EvoSense')
    expect(within(screen.getByRole('navigation')).getByText('Hoje')).toBeTruthy()
  })

  it('that is gone says so and offers a new question', async () => {
    await openScreen(server, '/t/thread-9')
    await screen.findByText('Esta conversa com o EvoSense não existe mais.')
    expect(screen.getByRole('link', { name: 'Fazer uma nova pergunta' }).getAttribute('href')).toBe('/')
  })

  it('can be renamed and deleted', async () => {
    await openScreen(server, '/t/thread-1')
    await userEvent.click(await screen.findByRole('button', { name: `Opções de ${QUESTION}` }))
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Renomear' }))
    const title = await screen.findByLabelText('Novo título')
    await userEvent.clear(title)
    await userEvent.type(title, 'Novembro{Enter}')
    await userEvent.click(await screen.findByRole('button', { name: 'Opções de Novembro' }))
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Excluir' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Excluir' }))
    await screen.findByText('O que você perguntar fica guardado aqui.')
    expect(server.requests.filter((route) => /^(PATCH|DELETE)/.test(route))).toEqual(['PATCH /threads/thread-1', 'DELETE /threads/thread-1'])
  })

  it('opens the conversation behind a citation, at the cited message, and closes it with Esc', async () => {
    await openScreen(server, '/t/thread-1')
    await userEvent.click(await screen.findByRole('link', { name: /Demorou demais/ }))
    const sheet = within(await screen.findByRole('dialog', { name: 'Conversa com Bob Lima' }))
    expect(location.search).toBe('?c=conversation-1&m=message-2')
    expect(sheet.getByText('nota dada pelo cliente')).toBeTruthy()
    expect(sheet.getByText('Citada na resposta:').closest('li')?.textContent).toContain('Demorou demais.')
    expect(sheet.getByText('Mensagem apagada')).toBeTruthy()
    expect(sheet.getByText('editada')).toBeTruthy()
    expect(sheet.getByText('negativo, raiva, urgente')).toBeTruthy()
    expect(await findViolations()).toEqual([])
    screen.getByRole('dialog').dispatchEvent(new Event('cancel', { cancelable: true }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    expect(location.pathname + location.search).toBe('/t/thread-1')
  })

  it('has nothing that axe objects to', async () => {
    await openScreen(server, '/t/thread-1')
    await screen.findByText('A satisfação foi 4,12.')
    expect(await findViolations()).toEqual([])
  })
})

describe('the first page', () => {
  it('says what was read and what can be asked', async () => {
    await openScreen(server, '/')
    await screen.findByText(/184 conversas lidas, 12 de ago. – 9 de nov. de 2025. 6 ainda aguardam análise./)
    await userEvent.click(await screen.findByRole('button', { name: QUESTION }))
    await waitFor(() => expect(asked().map(({ question }) => question)).toEqual([QUESTION]))
  })

  it('of a company without conversations says how to bring some', async () => {
    server.status = { conversations: 0, analysed: 0, pending: 0, first_on: null, last_on: null }
    await openScreen(server, '/')
    await screen.findByText('Ainda não há conversas aqui.')
    expect(screen.getByText('evosense import conversa.txt').closest('code')?.textContent).toBe(
      'evosense import conversa.txt --tenant casa-aurora --channel Vendas --self "Nome da loja"',
    )
  })

  it('takes the cursor to the question with "/" and with Ctrl+K', async () => {
    await openScreen(server, '/')
    const question = await field()
    for (const keys of ['/', '{Control>}k{/Control}']) {
      question.blur()
      await userEvent.keyboard(keys)
      expect(document.activeElement).toBe(question)
    }
    expect(question.value).toBe('')
  })

  it('changes its language for good from the account', async () => {
    await openScreen(server, '/')
    await userEvent.click(await screen.findByRole('button', { name: /Alice Prado/ }))
    await userEvent.click(await screen.findByRole('menuitemradio', { name: 'Español' }))
    await screen.findByLabelText('Tu pregunta')
    await waitFor(() => expect(server.me.language).toBe('es'))
  })
})
