import { useTranslation } from 'react-i18next'

import { isGoodNews } from '@/design/Change'
import { cx } from '@/design/cx'
import { useFormat } from '@/format/useFormat'

import type { BlockColumn, BlockRow, Figure } from '../shape'
import { nameBase, translateWord } from '../words'

interface DriverRowProps {
  row: BlockRow
  columns: BlockColumn[]
  figure: Figure
  /** The largest change of all rows, which fills half of the bar's width. */
  widest: number
  /** Decimals of what the parts were and are. */
  digits: number
}

/** One part of a change: its name, what it was and is, its bar and its share. What stands out from chance is under the pen. */
export function DriverRow({ row, columns, figure: { unit, metric, better }, widest, digits }: DriverRowProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const part = typeof row.change === 'number' ? row.change : null
  const good = part === null ? null : isGoodNews(unit, part, better)
  const words = columns.filter((column) => column.unit === 'text').map((column) => translateWord(t, column.key, row[column.key]))
  const before = typeof row.previous === 'number' ? `${format.value(unit, row.previous, { digits })} → ` : ''
  const details = [
    ...words.slice(0, -1),
    typeof row.value === 'number' && before + format.value(unit, row.value, { digits }),
    typeof row.base === 'number' && nameBase(t, metric, row.base, format.count(row.base)),
  ].filter(Boolean)

  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 border-b border-line py-2.5 last:border-0 @2xl:grid-cols-[minmax(0,1fr)_13rem_5.5rem]">
      <span className="min-w-0">
        <span className="block truncate text-sm font-medium">
          <span className={row.stands_out === true ? 'stroke stroke-drawn' : undefined}>{words.at(-1) ?? '–'}</span>
        </span>
        {details.length > 0 && <span className="block text-xs text-ink-faint tabular-nums">{details.join(' · ')}</span>}
      </span>
      <span aria-hidden="true" className="relative order-last col-span-2 mt-2 h-3 @2xl:order-none @2xl:col-span-1 @2xl:mt-0">
        <span className="absolute inset-y-[-3px] left-1/2 w-px bg-line-strong" />
        <span
          className={cx(
            'absolute inset-y-0',
            (part ?? 0) < 0 ? 'right-1/2 rounded-l-sm' : 'left-1/2 rounded-r-sm',
            good === null ? 'bg-ink-faint' : good ? 'bg-good' : 'bg-bad',
          )}
          style={{ width: `${((Math.abs(part ?? 0) / widest) * 50).toFixed(2)}%` }}
        />
      </span>
      <span className="text-right text-sm font-semibold tabular-nums">
        {part === null ? '–' : format.change(unit, part)}
        {good !== null && <span className="sr-only">, {t(good ? 'block.better' : 'block.worse')}</span>}
      </span>
    </li>
  )
}
