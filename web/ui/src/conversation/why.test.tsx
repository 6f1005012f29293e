import { cleanup, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { findViolations, openScreen } from '@/test/screen'
import { startServer, type FakeServer } from '@/test/server'

import { climb } from './parts'

let server: FakeServer
beforeEach(async () => {
  server = await startServer()
  server.conversation = { ...server.conversation, rating: null }
})
afterEach(() => {
  cleanup()
  return server.close()
})

const plain = { normalizer: (text: string) => text.replaceAll('\u00a0', ' ') }

/** The conversation's sheet with the panel open. */
async function openWhy() {
  await openScreen(server, '/c/conversation-1')
  const sheet = within(await screen.findByRole('dialog', { name: 'Conversa com Bob Lima' }))
  await userEvent.click(sheet.getByRole('button', { name: 'Por que esta nota?' }))
  return { sheet, panel: within(sheet.getByRole('region', { name: 'Como a nota foi feita' })) }
}

const disagree = async (panel: ReturnType<typeof within>) => {
  await userEvent.click(panel.getByRole('button', { name: 'Discordo' }))
  return within(panel.getByRole('form', { name: 'O que está certo?' }))
}

it('climbs from the starting point to the score', () => {
  expect(climb([{ name: 'base', points: 3 }, { name: 'mood_at_end', points: 1 }, { name: 'waiting', points: -0.5 }])).toEqual([
    { name: 'base', points: 3, from: 0, to: 3 },
    { name: 'mood_at_end', points: 1, from: 3, to: 4 },
    { name: 'waiting', points: -0.5, from: 4, to: 3.5 },
  ])
})

describe('why a score', () => {
  it('is told in words and points that add up', async () => {
    const { panel } = await openWhy()
    const [steps] = panel.getAllByRole('list')
    expect(within(steps!).getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      'Ponto de partida3,35',
      'Humor no fim−0,60',
      'Ficou em aberto−0,35',
      'Nota do EvoSense2,40',
    ])
    expect(panel.getByText(/^embedded 1, /, plain)).toBeTruthy()
  })

  it('points at the messages that decided it, only while somebody asks', async () => {
    const { sheet, panel } = await openWhy()
    const log = within(sheet.getByRole('log'))
    expect(log.getByText('Pesou aqui: Humor no fim').closest('li')?.textContent).toContain('Demorou demais.')
    expect(log.getByText('Pesou aqui: Resolução').closest('li')?.textContent).toContain('Desculpe a demora')
    await userEvent.click(panel.getByRole('button', { name: /^Demorou demais/ }))
    await userEvent.click(sheet.getByRole('button', { name: 'Por que esta nota?' }))
    expect(sheet.queryByText(/Pesou aqui/)).toBeNull()
  })

  it('says that what the customer typed is what counts', async () => {
    server.conversation = { ...server.conversation, rating: 2 }
    const { panel } = await openWhy()
    expect(panel.getByText('O cliente deu nota 2, e é ela que conta. A conta abaixo é a do EvoSense.')).toBeTruthy()
  })

  it('of an analyser that tells no parts says so, and shows an unknown part by its own name', async () => {
    server.conversation = { ...server.conversation, parts: [], deciding: [{ message_id: 'message-2', part: 'tone_of_voice' }] }
    const { panel } = await openWhy()
    expect(panel.getByText('Quem analisou esta conversa dá só a nota inteira, sem as partes.')).toBeTruthy()
    expect(panel.getByText('tone of voice')).toBeTruthy()
  })

  it('names a part by the way it went', async () => {
    const parts = [['base', 3], ['waiting', 0.2], ['harsh_words', 0.1], ['thanks_at_end', -0.1], ['resolution', 0.3]] as const
    server.conversation = { ...server.conversation, parts: parts.map(([name, points]) => ({ name, points })) }
    const { panel } = await openWhy()
    for (const words of ['Espera curta', 'Sem palavras duras', 'Não agradeceu no fim', 'Foi resolvida']) expect(panel.getByText(words)).toBeTruthy()
  })

  it('names what a model gave as a whole', async () => {
    server.conversation = { ...server.conversation, parts: [{ name: 'base', points: 3 }, { name: 'model', points: 1.2 }] }
    const { panel } = await openWhy()
    expect(panel.getByText('Como o modelo avaliou a conversa')).toBeTruthy()
  })

  it('is not offered before the analysis', async () => {
    server.conversation = { ...server.conversation, score: null, satisfaction: null, machine: null, parts: [], deciding: [] }
    await openScreen(server, '/c/conversation-1')
    const sheet = within(await screen.findByRole('dialog', { name: 'Conversa com Bob Lima' }))
    await sheet.findByText('aguardando análise')
    expect(sheet.queryByRole('button', { name: 'Por que esta nota?' })).toBeNull()
  })
})

describe('discordo', () => {
  it('sends what was changed and nothing else, shows both values, and can be undone', async () => {
    const { sheet, panel } = await openWhy()
    const form = await disagree(panel)
    await userEvent.click(form.getByRole('radio', { name: '4 de 5' }))
    await userEvent.type(form.getByLabelText('Por quê? (opcional)'), 'ligou e agradeceu')
    expect(await findViolations()).toEqual([])
    await userEvent.click(form.getByRole('button', { name: 'Salvar correção' }))
    await panel.findByText(/^Alice Prado corrigiu, /)
    expect(server.corrections).toEqual([{ satisfaction: 4, comment: 'ligou e agradeceu' }])
    expect(panel.getByText('(EvoSense: 2,4)')).toBeTruthy()
    expect(panel.getByText('Os números contam esta correção.')).toBeTruthy()
    expect(sheet.getByText('corrigida pela equipe; EvoSense: 2,4')).toBeTruthy()
    expect(await findViolations()).toEqual([])

    await userEvent.click(panel.getByRole('button', { name: 'Desfazer correção' }))
    await waitFor(() => expect(panel.queryByText(/corrigiu/)).toBeNull())
    expect(sheet.getByText('estimada pelo EvoSense: 2,4')).toBeTruthy()
  })

  it('can say that there is no theme, and that it was not resolved', async () => {
    const { panel } = await openWhy()
    const form = await disagree(panel)
    await userEvent.selectOptions(form.getByLabelText('Tema'), 'sem tema')
    await userEvent.click(form.getByRole('radio', { name: 'Não' }))
    await userEvent.click(form.getByRole('button', { name: 'Salvar correção' }))
    await panel.findByText(/^Alice Prado corrigiu, /)
    expect(server.corrections).toEqual([{ theme: null, resolved: false, comment: '' }])
    expect(panel.getByText('(EvoSense: Entrega)')).toBeTruthy()
  })

  it('asks for a change where nothing was changed, and can be left', async () => {
    const { panel } = await openWhy()
    const form = await disagree(panel)
    await userEvent.click(form.getByRole('button', { name: 'Salvar correção' }))
    expect(form.getByRole('alert').textContent).toBe('Mude ao menos uma coisa, ou cancele.')
    await userEvent.click(form.getByRole('button', { name: 'Cancelar' }))
    expect(panel.queryByRole('form')).toBeNull()
    expect(server.corrections).toEqual([])
  })

  it('is not offered to those who may not', async () => {
    server.conversation = { ...server.conversation, may_correct: false }
    const { panel } = await openWhy()
    expect(panel.queryByRole('button', { name: 'Discordo' })).toBeNull()
  })
})
