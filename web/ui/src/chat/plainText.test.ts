import { expect, it } from 'vitest'

import { createFormat } from '@/format/format'
import { answer, number } from '@/test/cast'

import type { Turn } from './fold'
import { writePlainText } from './plainText'

const format = createFormat('pt', 'America/Sao_Paulo')
const column = (key: string, label: string, unit: string) => ({ key, label, unit })

it('a copied answer has the same decimals in each column, and for a figure and what it was before', () => {
  const columns = [column('channel', 'Canal', 'text'), column('satisfaction', 'Satisfação', 'rating'), column('previous_satisfaction', 'Antes', 'rating')]
  const rows = [
    { channel: 'Entregas', satisfaction: 2, previous_satisfaction: 3.09 },
    { channel: 'Vendas', satisfaction: 3.27, previous_satisfaction: 3.6 },
  ]
  const one = { kind: 'conversations', title: 'Conversas', columns: [column('contact', 'Cliente', 'text'), column('satisfaction', 'Satisfação', 'rating')], rows: [{ contact: 'Bob Lima', satisfaction: 2 }] }
  const turn = { question: 'E por canal?', text: '', notes: [], coverage: answer.coverage, blocks: [number, { kind: 'table', title: 'Por canal', columns, rows }, one] }
  expect(writePlainText(turn as unknown as Turn, format).split('\n')).toEqual([
    'E por canal?',
    '',
    'Satisfação, 1 a 9 de novembro',
    'Satisfação: 4,12 (4,60)',
    '',
    'Por canal',
    'Canal\tSatisfação\tAntes',
    'Entregas\t2,00\t3,09',
    'Vendas\t3,27\t3,60',
    '',
    'Conversas',
    'Cliente\tSatisfação',
    'Bob Lima\t2,0',
    '',
    '184 de 190 conversas analisadas, 6 aguardando',
  ])
})
