import { useTranslation } from 'react-i18next'

import type { Cell } from '@/api/types'
import { Change } from '@/design/Change'
import { cx } from '@/design/cx'
import { satisfactionFill } from '@/design/satisfaction'
import { useFormat } from '@/format/useFormat'

import { betterOf } from './direction'
import type { BlockColumn } from './shape'
import { translateWord } from './words'

const CHANGE = /^change(?:_(.+))?$/

export function isNumeric({ unit }: Pick<BlockColumn, 'unit'>): boolean {
  return unit === 'count' || unit === 'rating' || unit === 'percent' || unit === 'score' || unit === 'seconds'
}

/** Columns that stand beside a measure rather than being one: what it was before, and how much stands behind it. */
export function isSecondary(key: string): boolean {
  return key.startsWith('previous') || key.startsWith('base')
}

/** How much of its scale a value fills, 0–1; `null` for units without a scale of their own. */
export function fillOf(unit: BlockColumn['unit'], value: Cell | undefined): number | null {
  if (typeof value !== 'number') return null
  if (unit === 'rating') return Math.min(1, Math.max(0, (value - 1) / 4))
  return unit === 'percent' ? Math.min(1, Math.max(0, value / 100)) : null
}

interface CellViewProps {
  column: BlockColumn
  value: Cell | undefined
  digits: number
  /** Bars and chips, for the eye; without it the value alone. */
  isRich?: boolean
}

/** One value in its unit; ratings and percentages with a bar on their whole scale, changes with their direction. */
export function CellView({ column, value, digits, isRich = false }: CellViewProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { key, unit } = column
  const change = CHANGE.exec(key)
  if (change && typeof value === 'number') {
    return isRich ? <Change unit={unit} change={value} better={betterOf(change[1] ?? '')} /> : format.change(unit, value)
  }
  const text = unit === 'text' ? (translateWord(t, key, value) ?? format.value('text', value)) : format.value(unit, value, { digits, key })
  const fill = isRich && !isSecondary(key) ? fillOf(unit, value) : null
  if (fill === null) return text

  return (
    <span className="inline-flex items-center justify-end gap-2.5">
      <span aria-hidden="true" className="h-1.5 w-14 overflow-hidden rounded-full bg-ink/10">
        <span
          className={cx('block h-full rounded-full', unit === 'rating' ? satisfactionFill(value as number) : 'bg-brand')}
          style={{ width: `${Math.max(3, fill * 100).toFixed(1)}%` }}
        />
      </span>
      <span>{text}</span>
    </span>
  )
}
