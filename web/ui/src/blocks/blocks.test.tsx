import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { MemoryRouter } from 'react-router'
import { beforeAll, describe, expect, it, vi } from 'vitest'

import type { Cell, WireBlock } from '@/api/types'
import { startLanguage } from '@/i18n'
import { number } from '@/test/cast'

import { BlockView } from './BlockView'
import { BLOCK_KINDS } from './registry'
import { ChartTooltip } from './series/ChartTooltip'

beforeAll(() => startLanguage('pt'))

const draw = (block: WireBlock) =>
  render(
    <MemoryRouter initialEntries={['/t/thread-1']}>
      <BlockView block={block} />
    </MemoryRouter>,
  )

const INVALID = 'Este trecho da resposta veio num formato que a tela não conhece.'
const column = (key: string, label: string, unit: string) => ({ key, label, unit })

const table = (kind: string, change: object = {}): WireBlock => ({
  kind,
  title: 'Satisfação por atendente',
  columns: [column('agent', 'Atendente', 'text'), column('satisfaction', 'Satisfação', 'rating'), column('change_satisfaction', 'Mudança', 'rating'), column('base_satisfaction', 'Conversas', 'count')],
  rows: [
    { agent: 'Ana Souza', satisfaction: 4.41, change_satisfaction: 0.2, base_satisfaction: 51 },
    { agent: 'Diego Antunes', satisfaction: 3.2, change_satisfaction: -0.6, base_satisfaction: 34 },
    { agent: 'Sem atendente', satisfaction: null, change_satisfaction: null, base_satisfaction: 19 },
  ] satisfies Record<string, Cell>[],
  ...change,
})

describe('the border: what does not have its shape is told, not drawn', () => {
  it.each<[string, WireBlock]>([
    ['an unknown kind', { kind: 'hologram', title: 'Holograma' }],
    ['a name that every object has', { kind: 'constructor', title: 'Holograma' }],
    ['a number without figures', { kind: 'number', title: 'Holograma' }],
    ['a number with none', { ...number, title: 'Holograma', figures: [] }],
    ['a unit that nobody knows', table('table', { title: 'Holograma', columns: [column('a', 'A', 'furlong')] })],
    ['a cell that is an object', table('table', { title: 'Holograma', rows: [{ agent: { name: 'Ana' } }] })],
    ['a series without its x', table('series', { title: 'Holograma', chart: 'line' })],
    ['messages that lead nowhere', { kind: 'messages', title: 'Holograma', total: 1, columns: [column('text', 'Texto', 'text')], rows: [{ text: 'Oi' }] }],
    ['conversations that lead nowhere', { kind: 'conversations', title: 'Holograma', total: 1, columns: [column('contact', 'Cliente', 'text')], rows: [{ contact: 'Bob' }] }],
  ])('%s', (_, block) => {
    draw(block)
    expect(screen.getByRole('alert').textContent).toBe(`Holograma${INVALID}`)
  })

  it('knows every kind of the API', () => {
    expect(Object.keys(BLOCK_KINDS).sort()).toEqual(['conversations', 'drivers', 'messages', 'number', 'series', 'table', 'themes'])
  })

  it('keeps the page when drawing fails', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    vi.spyOn(BLOCK_KINDS.themes as unknown as { View: () => never }, 'View').mockImplementation(() => {
      throw new Error('broken')
    })
    draw(table('themes'))
    draw(number)
    expect(screen.getByRole('alert').textContent).toBe('Satisfação por atendenteEste trecho da resposta não pôde ser desenhado.')
    expect(screen.getByText('4,12')).toBeTruthy()
  })
})

describe('number', () => {
  it('shows the figure, how it changed and whether that is good, and what stands behind it', () => {
    draw(number)
    const text = screen.getByRole('group', { name: 'Satisfação, 1 a 9 de novembro' }).textContent
    expect(text).toContain('4,12')
    expect(text).toContain('−0,48, pior')
    expect(text).toContain('antes 4,60 · 184 conversas')
  })

  it.each([
    ['rating', 3, 3.27, '3,00', 'antes 3,27'],
    ['percent', 40, 12.5, '40,0%', 'antes 12,5%'],
    ['count', 40, 31, '40', 'antes 31'],
  ])('shows a %s of %d with as many decimals as the %d before', (unit, value, previous, shown, before) => {
    draw({ ...number, figures: [{ ...(number.figures as object[])[0], unit, value, previous, change: null }] })
    const text = screen.getByRole('group').textContent
    expect(text).toContain(`de novembro${shown}`)
    expect(text).toContain(before)
  })

  it.each([0.004, -0.004, 0])('has neither direction nor meaning where a change of %d is shown as zero', (change) => {
    draw({ ...number, figures: [{ ...(number.figures as object[])[0], change }] })
    const shown = screen.getByText(/^[+−]?0,0\d$/)
    expect(shown.textContent).toBe('0,00')
    expect(shown.querySelector('svg')?.classList).toContain('lucide-equal')
  })
})

describe('table', () => {
  const names = () => screen.getAllByRole('rowheader').map((cell) => cell.textContent)

  it('sorts by a column: larger first, then smaller first, then as it came; what is empty stays last', async () => {
    draw(table('table'))
    const head = screen.getByRole('columnheader', { name: 'Satisfação' })
    const orders: [string | null, (string | null)[]][] = []
    for (let press = 0; press < 3; press++) {
      await userEvent.click(within(head).getByRole('button'))
      orders.push([head.getAttribute('aria-sort'), names()])
    }
    expect(orders).toEqual([
      ['descending', ['Ana Souza', 'Diego Antunes', 'Sem atendente']],
      ['ascending', ['Diego Antunes', 'Ana Souza', 'Sem atendente']],
      [null, ['Ana Souza', 'Diego Antunes', 'Sem atendente']],
    ])
  })

  it('shows changes with their sign and their meaning, and a dash for nothing', () => {
    draw(table('table'))
    const cells = screen.getAllByRole('row').slice(1).map((row) => within(row).getAllByRole('cell').map((cell) => cell.textContent))
    expect(cells).toEqual([
      ['4,41', '+0,20, melhor', '51'],
      ['3,20', '−0,60, pior', '34'],
      ['–', '–', '19'],
    ])
  })
})

describe('series', () => {
  const series: WireBlock = {
    kind: 'series', title: 'Satisfação por mês', x: 'month', chart: 'line',
    columns: [column('month', 'Mês', 'date'), column('satisfaction', 'Satisfação', 'rating')],
    rows: [{ month: '2025-10-01', satisfaction: 4.5 }, { month: '2025-11-01', satisfaction: 4.1, partial: true }],
  }

  it('is a table for those who listen, which says that the last month is not over', () => {
    draw(series)
    const rows = within(screen.getByRole('table', { name: 'Satisfação por mês' })).getAllByRole('row')
    expect(rows.map((row) => row.textContent)).toEqual(['MêsSatisfação', 'out. de 2025 4,50', 'nov. de 2025 (até hoje)4,10'])
  })

  it('says a value and what it was before in as many decimals', () => {
    const panel = { unit: 'rating' as const, traces: [{ key: 'satisfaction', label: 'Satisfação', previousKey: 'previous_satisfaction' }] }
    const { container } = render(
      <ChartTooltip point={{ month: 'nov', satisfaction: 3, previous_satisfaction: 3.27 }} panel={panel} x="month" nameX={String} />,
    )
    expect(container.textContent).toBe('novSatisfação3,00antes 3,27')
  })

  it('is a table for everybody at a press, and a chart again', async () => {
    draw(series)
    await userEvent.click(screen.getByRole('button', { name: 'Ver tabela' }))
    expect(screen.getByRole('region', { name: 'Tabela Satisfação por mês, role para ver tudo' })).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Ver gráfico' }))
    expect(screen.queryByRole('region', { name: /^Tabela/ })).toBeNull()
  })
})

it('drivers say how much each part moved the measure, and which way is bad', () => {
  draw({
    kind: 'drivers', title: 'O que puxou a satisfação', figure: { ...(number.figures as object[])[0], value: 3.62, previous: 4.21, change: -0.59 },
    columns: [column('name', 'Canal', 'text'), column('change', 'Parte', 'rating'), column('previous', 'Antes', 'rating'), column('value', 'Agora', 'rating'), column('base', 'Conversas', 'count')],
    rows: [
      { name: 'Entregas', change: -0.44, previous: 4.1, value: 2.6, base: 31, stands_out: true },
      { name: 'Outros', change: null, previous: null, value: null, base: 1 },
    ],
    told: 'As partes somam −0,59, que é toda a mudança.', unexplained: -0.15,
    deeper: {
      title: 'Entregas por atendente', dimension: 'agent', figure: { ...(number.figures as object[])[0], value: 2.6, previous: 4.1, change: -1.5 },
      columns: [column('name', 'Atendente', 'text'), column('change', 'Parte', 'rating')], rows: [{ name: 'Ana', change: -1.5 }],
    },
  })
  expect(screen.getByText('As partes somam −0,59, que é toda a mudança.')).toBeTruthy()
  expect(screen.getByText('Entregas por atendente').closest('details')?.textContent).toContain('Ana−1,50, pior')
  expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
    'Entregas4,10 → 2,60 · 31 conversas−0,44, pior', 'Outros1 conversa–', 'Ana−1,50, pior',
  ])
})

it('drivers call a part that is shown as zero neither better nor worse', () => {
  draw({
    kind: 'drivers', title: 'O que puxou a satisfação', figure: { ...(number.figures as object[])[0], value: 3.066, previous: 3.062, change: 0.004 },
    columns: [column('name', 'Canal', 'text'), column('change', 'Parte', 'rating')],
    rows: [{ name: 'Entregas', change: 0.003 }, { name: 'Vendas', change: -0.0049 }],
    told: '', deeper: null,
  })
  expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual(['Entregas0,00', 'Vendas0,00'])
  expect(screen.queryByText(/melhor|pior/)).toBeNull()
})

it('themes rank what customers talk about, with how content they were', () => {
  draw({
    kind: 'themes', title: 'Motivos de reclamação',
    columns: [column('theme', 'Tema', 'text'), column('conversations', 'Conversas', 'count'), column('share', 'Parte', 'percent'), column('satisfaction', 'Satisfação', 'rating'), column('mark', 'Novidade', 'text')],
    rows: [{ theme: 'Entrega', conversations: 24, share: 45.3, satisfaction: 1.6, mark: 'cresceu' }],
  })
  expect(screen.getByRole('listitem').textContent).toBe('Entrega24 Conversas1,601,60 de 5cresceu · Parte 45,3%')
})

it('messages and conversations lead to where they were said', () => {
  draw({
    kind: 'messages', title: 'Mensagens', total: 48, columns: [column('text', 'Mensagem', 'text')],
    rows: [{ message_id: 'message-2', conversation_id: 'conversation-1', text: 'Demorou demais.', contact: 'Bob Lima', sentiment: 'negative', emotion: 'anger', tone: 'neutral' }],
  })
  draw({
    kind: 'conversations', title: 'Conversas', total: 1, columns: [column('contact', 'Cliente', 'text'), column('status', 'Situação', 'text')],
    rows: [{ conversation_id: 'conversation-1', contact: 'Bob Lima', status: 'unanswered', satisfaction: 2 }],
  })
  expect(screen.getAllByRole('link').map((link) => link.getAttribute('href'))).toEqual([
    '/t/thread-1?c=conversation-1&m=message-2',
    '/t/thread-1?c=conversation-1',
  ])
  expect(screen.getByText('1 de 48')).toBeTruthy()
  expect(screen.getByText('negativo, raiva')).toBeTruthy()
  expect(screen.getByText('sem resposta')).toBeTruthy()
})
