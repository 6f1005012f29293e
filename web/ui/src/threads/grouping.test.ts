import { expect, it } from 'vitest'

import { createFormat } from '@/format/format'

import { groupThreads } from './grouping'

it('puts threads under the day of the tenant, by name for a week and by month before', () => {
  const format = createFormat('pt', 'America/Sao_Paulo')
  const at = (id: string, updated_at: string) => ({ id, title: id, updated_at, turns: 1 })
  const threads = [
    at('now', '2025-11-10T01:00:00Z'), // still the 9th in São Paulo
    at('morning', '2025-11-09T12:00:00Z'),
    at('yesterday', '2025-11-08T12:00:00Z'),
    at('monday', '2025-11-03T12:00:00Z'),
    at('sunday', '2025-11-02T12:00:00Z'),
    at('october', '2025-10-31T12:00:00Z'),
  ]
  const groups = groupThreads(threads, { now: new Date('2025-11-10T02:00:00Z'), format, words: { today: 'Hoje', yesterday: 'Ontem' } })
  expect(groups.map((group) => [group.label, group.threads.map((thread) => thread.id)])).toEqual([
    ['Hoje', ['now', 'morning']],
    ['Ontem', ['yesterday']],
    ['segunda-feira, 3 de nov.', ['monday']],
    ['novembro de 2025', ['sunday']],
    ['outubro de 2025', ['october']],
  ])
})
