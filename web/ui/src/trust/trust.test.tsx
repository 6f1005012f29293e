import { cleanup, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { answer, detail } from '@/test/cast'
import { findViolations, openScreen } from '@/test/screen'
import { startServer, type FakeServer } from '@/test/server'

let server: FakeServer
/** What was sent to the routes of this file, by "PUT /path". */
let sent: [string, Record<string, unknown>][]

beforeEach(async () => {
  server = await startServer()
  sent = []
  const hear = (route: string, reply: (body: Record<string, unknown>) => [number, unknown?]) => {
    server.routes[route] = (body) => {
      sent.push([route, body])
      return reply(body)
    }
  }
  server.details['thread-1'] = detail({})
  hear('PUT /turns/turn-1/feedback', (body) => [200, body])
  hear('DELETE /turns/turn-1/feedback', () => [204])
  hear('POST /verified-questions', (body) =>
    body.question === 'e ontem?' ? [422, { error: { code: 'not_alone', message: 'Esta pergunta depende das anteriores.' } }] : [200, { id: 'verified-1' }],
  )
  server.routes['GET /catalogue'] = () => [
    200,
    { metrics: [['satisfaction', 'Satisfação'], ['csat', 'CSAT'], ['complaints', 'Reclamações']].map(([name, label]) => ({ name, label, definition: '' })) },
  ]
})
afterEach(() => {
  cleanup()
  return server.close()
})

const open = async () => {
  await openScreen(server, '/t/thread-1')
  return within(await screen.findByRole('article', { name: answer.question }))
}
const press = (name: string | RegExp) => userEvent.click(screen.getByRole('button', { name }))
const asked = () => server.heard.flatMap((message) => (message.type === 'ask' ? [[message.question, message.thread_id, message.revision]] : []))

describe('what was understood', () => {
  it('is changed in place: another period, by name or by days', async () => {
    const turn = await open()
    await userEvent.click(turn.getByRole('button', { name: 'Mudar o período' }))
    const panel = within(await screen.findByRole('dialog', { name: 'Mudar o período' }))
    expect((panel.getByLabelText('De') as HTMLInputElement).value).toBe('2025-11-01')
    expect(await findViolations()).toEqual([])
    await userEvent.click(panel.getByRole('button', { name: 'Mês passado' }))
    await waitFor(() => expect(asked()).toEqual([[answer.question, 'thread-1', { turn_id: 'turn-1', period: 'last_month' }]]))
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('refuses days that cannot be, before anything is sent', async () => {
    await open()
    await press('Mudar o período')
    await userEvent.clear(screen.getByLabelText('Até'))
    await userEvent.type(screen.getByLabelText('Até'), '2025-10-01')
    await press('Perguntar assim')
    await screen.findByRole('alert')
    expect(asked()).toEqual([])
    await userEvent.clear(screen.getByLabelText('De'))
    await userEvent.type(screen.getByLabelText('De'), '2025-09-01')
    await press('Perguntar assim')
    await waitFor(() => expect(asked()).toEqual([[answer.question, 'thread-1', { turn_id: 'turn-1', period: { start: '2025-09-01', end: '2025-10-01' } }]]))
  })

  it('and other measures, and a split', async () => {
    await open()
    await press('Mudar a medida')
    await userEvent.click(await screen.findByLabelText('Satisfação'))
    expect((screen.getByRole('button', { name: 'Perguntar assim' }) as HTMLButtonElement).disabled).toBe(true)
    await userEvent.click(screen.getByLabelText('CSAT'))
    await userEvent.click(screen.getByLabelText('Reclamações'))
    await press('Perguntar assim')
    await press('Dividir por…')
    await press('Por canal')
    await waitFor(() =>
      expect(asked().map(([, , revision]) => revision)).toEqual([
        { turn_id: 'turn-1', metrics: ['csat', 'complaints'] },
        { turn_id: 'turn-1', group_by: 'channel' },
      ]),
    )
  })

  it('loses a condition with one press, and a question of why keeps its comparison', async () => {
    const understood = [
      { field: 'filters.agent', label: 'Atendente', value: 'Ana Souza', assumed: false },
      { field: 'compare_to', label: 'Comparado com', value: 'outubro', assumed: true },
    ]
    const why = { ...answer, understood, plan: { ...answer.plan, intent: 'explain' } }
    server.details['thread-1'] = detail({ turns: [{ ...detail({}).turns[0]!, answer: why }] })
    await open()
    expect(screen.queryByRole('button', { name: /Tirar Comparado/ })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Dividir por…' })).toBeNull()
    await press('Tirar Atendente: Ana Souza')
    await waitFor(() => expect(asked()[0]?.[2]).toEqual({ turn_id: 'turn-1', remove: ['filters.agent'] }))
  })
})

describe('an answer', () => {
  it('is judged at once, with the reason after it, and the judgement can be taken back', async () => {
    await open()
    await press('Resposta ruim')
    await userEvent.click(await screen.findByLabelText('O número está errado'))
    await userEvent.type(screen.getByLabelText('Conte mais (opcional)'), 'foram 12')
    expect(await findViolations()).toEqual([])
    await press('Enviar')
    await waitFor(() => expect(screen.queryByRole('form')).toBeNull())
    expect(screen.getByRole('button', { name: 'Resposta ruim' }).getAttribute('aria-pressed')).toBe('true')
    await press('Resposta ruim')
    await waitFor(() => expect(screen.getByRole('button', { name: 'Resposta ruim' }).getAttribute('aria-pressed')).toBe('false'))
    expect(sent).toEqual([
      ['PUT /turns/turn-1/feedback', { is_good: false, reason: null, comment: '' }],
      ['PUT /turns/turn-1/feedback', { is_good: false, reason: 'number', comment: 'foram 12' }],
      ['DELETE /turns/turn-1/feedback', {}],
    ])
  })

  it('is given again on request, says what its measures mean, and when and by whom it was made', async () => {
    await open()
    await press('Como se calcula')
    await screen.findByText('Média da nota de 1 a 5.')
    await userEvent.keyboard('{Escape}')
    expect(screen.getByText(/^respondido aqui mesmo, pelo EvoSense · em 84.ms · 9 de nov/)).toBeTruthy()
    await press('Responder de novo')
    await waitFor(() => expect(asked()).toEqual([[answer.question, 'thread-1', { turn_id: 'turn-1' }]]))
  })

  it('is vouched for by those who lead, in words that stand alone', async () => {
    await open()
    await press('Verificar esta pergunta')
    const question = await screen.findByLabelText<HTMLInputElement>('Pergunta')
    expect(question.value).toBe(answer.question)
    await userEvent.clear(question)
    await userEvent.type(question, 'e ontem?')
    await press('Verificar')
    expect((await screen.findByRole('alert')).textContent).toBe('Esta pergunta depende das anteriores.')
    await userEvent.clear(question)
    await userEvent.type(question, 'Como foi a satisfação ontem?')
    await press('Verificar')
    await screen.findByRole('button', { name: 'Pergunta verificada; verificar de novo' })
    expect(sent.at(-1)).toEqual(['POST /verified-questions', { turn_id: 'turn-1', question: 'Como foi a satisfação ontem?' }])
  })

  it('of a verified question says who vouches for it, and an edited one that it is', async () => {
    const verified = { id: 'v', by: 'Bia', on: '2025-11-01', timing: 'planner' as const, text: 'Pergunta verificada por Bia em 01/11/2025.' }
    server.details['thread-1'] = detail({ turns: [{ ...detail({}).turns[0]!, answer: { ...answer, verified, is_edited: true } }] })
    const about = within((await open()).getByRole('list', { name: 'Sobre esta resposta' }))
    expect(about.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      'Pergunta verificada por Bia em 01/11/2025.',
      'Você mudou o que foi entendido; a pergunta é a mesma.',
    ])
  })

  it('has no star for those who do not lead', async () => {
    server.me = { ...server.me, role: 'supervisor' }
    await open()
    expect(screen.queryByRole('button', { name: 'Verificar esta pergunta' })).toBeNull()
    expect(screen.getByRole('button', { name: 'Boa resposta' })).toBeTruthy()
  })
})

it('the list of verified questions tells what drifted, and lets one go', async () => {
  let items = [
    { id: 'v-1', question: 'Qual o CSAT?', days: 'Dias fixos.', made_by: 'Bia', made_at: '2025-11-01T12:00:00Z', state: 'sound', problems: [], checked_at: null },
    { id: 'v-2', question: 'E a Ana?', days: 'Dias fixos.', made_by: null, made_at: '2025-11-01T12:00:00Z', state: 'broken', problems: [{ code: 'gone', text: 'Não existe mais: Ana.' }], checked_at: null },
  ]
  server.routes['GET /verified-questions'] = () => [200, { items, count: items.length }]
  server.routes['DELETE /verified-questions/v-2'] = () => {
    items = items.slice(0, 1)
    return [204]
  }
  await open()
  await userEvent.click(screen.getByRole('button', { name: /Alice Prado/ }))
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Perguntas verificadas' }))
  await screen.findByText('Não existe mais: Ana.')
  expect(screen.getByText('Em ordem na última conferência.')).toBeTruthy()
  expect(await findViolations()).toEqual([])
  await press('Deixar de verificar: E a Ana?')
  await waitFor(() => expect(screen.queryByText('E a Ana?')).toBeNull())
})
