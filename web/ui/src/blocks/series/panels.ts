/** Which lines go into which drawing: one a unit, so that no drawing has two scales. Pure. */
import type { Cell, Unit } from '@/api/types'

import type { BlockColumn, BlockRow } from '../shape'

const BEFORE = 'previous_'

export interface Trace {
  key: string
  label: string
  /** The compared period's values, which are drawn faintly behind. */
  previousKey: string | null
}

export interface Panel {
  unit: Unit
  traces: Trace[]
}

const DRAWN: ReadonlySet<Unit> = new Set(['count', 'rating', 'percent', 'score', 'seconds'])

export function listPanels(columns: BlockColumn[], x: string): Panel[] {
  const drawn = columns.filter((column) => column.key !== x && DRAWN.has(column.unit))
  const panels = new Map<Unit, Panel>()
  for (const column of drawn) {
    if (column.key.startsWith(BEFORE) && drawn.some((other) => BEFORE + other.key === column.key)) continue
    const panel = panels.get(column.unit) ?? { unit: column.unit, traces: [] }
    const previousKey = drawn.some((other) => other.key === BEFORE + column.key) ? BEFORE + column.key : null
    panel.traces.push({ key: column.key, label: column.label, previousKey })
    panels.set(column.unit, panel)
  }
  return [...panels.values()]
}

export const openEnd = (key: string) => `${key}:open`

export type Point = Record<string, Cell>

/**
 * Rows as a drawing reads them. Where the last period is not over yet, its value moves to a trace of its own (`key:open`), which
 * starts at the point before it: a dashed end instead of a fall that is none.
 */
export function listPoints(rows: BlockRow[], keys: string[], isLine: boolean): Point[] {
  return rows.map((row, index) => {
    const isOpen = row.partial === true
    const isBeforeOpen = isLine && rows[index + 1]?.partial === true
    const point: Point = { ...row }
    for (const key of keys) {
      if (isOpen || isBeforeOpen) point[openEnd(key)] = row[key] ?? null
      if (isOpen) point[key] = null
    }
    return point
  })
}

export interface Axis {
  domain: [number, number]
  ticks: number[]
}

const SECONDS = [1, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400]

function chooseStep(unit: Unit, span: number): number {
  const rough = Math.max(span, 1e-9) / 4
  if (unit === 'seconds') return SECONDS.find((step) => step >= rough) ?? Math.ceil(rough / 86_400) * 86_400
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power
  return unit === 'count' ? Math.max(1, Math.round(step)) : step
}

/** Bars stand on the foot of their scale; lines may look closer, because a line's message is its movement. */
export function chooseAxis(unit: Unit, values: number[], isLine: boolean): Axis {
  const [floor, ceiling] = unit === 'rating' ? [1, 5] : unit === 'percent' ? [0, 100] : unit === 'score' ? [-1, 1] : [0, Infinity]
  const [low, high] = [Math.min(...values), Math.max(...values)]
  if (!Number.isFinite(low)) return { domain: [floor, Math.min(ceiling, floor + 1)], ticks: [floor] }
  const isClose = isLine && (unit === 'rating' || unit === 'percent' || unit === 'score')
  const from = isClose ? low : Math.min(floor === -1 ? 0 : floor, low)
  const to = isClose ? high : Math.max(high, floor === -1 ? 0 : floor)
  const least = unit === 'rating' ? 1 : unit === 'percent' ? 10 : unit === 'score' ? 0.4 : 1
  const step = chooseStep(unit, Math.max(to - from, least))
  const start = Math.max(floor, Math.floor(from / step + 1e-9) * step)
  const end = Math.min(ceiling, Math.max(Math.ceil(to / step - 1e-9) * step, start + step))
  const ticks: number[] = []
  for (let tick = start; tick <= end + step / 1000; tick += step) ticks.push(Number(tick.toFixed(6)))
  return { domain: [start, end], ticks }
}
