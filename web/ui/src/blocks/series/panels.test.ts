import { describe, expect, it } from 'vitest'

import type { Unit } from '@/api/types'

import type { BlockRow } from '../shape'
import { chooseAxis, listPanels, listPoints } from './panels'

const column = (key: string, unit: Unit) => ({ key, label: key, unit })

it('draws each unit for itself, with the compared period behind its measure', () => {
  const columns = [column('day', 'date'), column('csat', 'percent'), column('previous_csat', 'percent'), column('conversations', 'count'), column('contacts', 'count')]
  expect(listPanels(columns, 'day')).toEqual([
    { unit: 'percent', traces: [{ key: 'csat', label: 'csat', previousKey: 'previous_csat' }] },
    {
      unit: 'count',
      traces: [
        { key: 'conversations', label: 'conversations', previousKey: null },
        { key: 'contacts', label: 'contacts', previousKey: null },
      ],
    },
  ])
})

describe('a period that is not over', () => {
  const rows: BlockRow[] = [{ day: 'a', n: 4 }, { day: 'b', n: 5 }, { day: 'c', n: 1, partial: true }]

  it('ends a line dashed, from the point before it', () => {
    expect(listPoints(rows, ['n'], true)).toEqual([
      { day: 'a', n: 4 },
      { day: 'b', n: 5, 'n:open': 5 },
      { day: 'c', n: null, 'n:open': 1, partial: true },
    ])
  })

  it('is a bar of its own', () => {
    expect(listPoints(rows, ['n'], false).map((point) => [point.n, point['n:open']])).toEqual([[4, undefined], [5, undefined], [null, 1]])
  })
})

describe('axes', () => {
  it.each<[Unit, number[], boolean, number[]]>([
    ['count', [3, 118], false, [0, 50, 100, 150]],
    ['count', [1, 2], false, [0, 1, 2]],
    ['count', [0], false, [0, 1]],
    ['rating', [3.1, 4.6], true, [3, 3.5, 4, 4.5, 5]],
    ['rating', [3.1, 4.6], false, [1, 2, 3, 4, 5]],
    ['percent', [61, 74], true, [60, 65, 70, 75]],
    ['percent', [97, 100], true, [95, 97.5, 100]],
    ['seconds', [250, 3900], false, [0, 1800, 3600, 5400]],
    ['score', [-0.2, 0.3], false, [-0.2, 0, 0.2, 0.4]],
    ['rating', [], true, [1]],
  ])('%s of %j (line: %s)', (unit, values, isLine, ticks) => {
    const axis = chooseAxis(unit, values, isLine)
    expect(axis.ticks).toEqual(ticks)
    expect(axis.domain[0]).toBe(ticks[0])
  })
})
