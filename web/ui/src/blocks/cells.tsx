import { useTranslation } from 'react-i18next'

import type { Cell } from '@/api/types'
import { cx } from '@/design/cx'
import { satisfactionFill } from '@/design/satisfaction'
import { useFormat } from '@/format/useFormat'

import type { BlockColumn } from './shape'
import { translateWord } from './words'

export function isNumeric({ unit }: Pick<BlockColumn, 'unit'>): boolean {
  return unit === 'count' || unit === 'rating' || unit === 'percent' || unit === 'score' || unit === 'seconds'
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
  hasBar?: boolean
}

/** One value in its unit; ratings and percentages with a bar on their whole scale. */
export function CellView({ column, value, digits, hasBar = false }: CellViewProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const text = column.unit === 'text' ? (translateWord(t, column.key, value) ?? format.value('text', value)) : format.value(column.unit, value, { digits, key: column.key })
  const fill = hasBar ? fillOf(column.unit, value) : null
  if (fill === null) return text

  return (
    <span className="inline-flex items-center justify-end gap-2.5">
      <span aria-hidden="true" className="h-1.5 w-14 overflow-hidden rounded-full bg-ink/10">
        <span
          className={cx('block h-full rounded-full', column.unit === 'rating' ? satisfactionFill(value as number) : 'bg-brand')}
          style={{ width: `${Math.max(3, fill * 100).toFixed(1)}%` }}
        />
      </span>
      <span>{text}</span>
    </span>
  )
}
