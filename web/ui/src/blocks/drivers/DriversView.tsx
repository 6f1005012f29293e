import { useTranslation } from 'react-i18next'

import { Change, isGoodNews } from '@/design/Change'
import { cx } from '@/design/cx'
import { useFormat } from '@/format/useFormat'

import { BlockFrame } from '../BlockFrame'
import { Details } from '../Details'
import type { BlockColumn, BlockRow, Figure } from '../shape'
import { nameBase, translateWord } from '../words'

interface DriversBlock {
  title: string
  figure: Figure
  columns: BlockColumn[]
  rows: BlockRow[]
}

/** What moved a measure: how it moved, then each part's share of that, as bars from a middle line. */
export function DriversView({ block: { title, figure, columns, rows } }: { block: DriversBlock }) {
  const { t } = useTranslation()
  const format = useFormat()
  const names = columns.filter((column) => column.unit === 'text')
  const share = columns.find((column) => column.key === 'change')
  const details = columns.filter((column) => column !== share && column.unit !== 'text')
  const widest = Math.max(...rows.map((row) => Math.abs(Number(row.change ?? 0))), 1e-9)
  const { unit, value, previous, better } = figure
  const change = figure.change ?? (value !== null && previous !== null ? value - previous : null)

  return (
    <BlockFrame title={title}>
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        {previous !== null && (
          <>
            <span className="font-display text-2xl text-ink-faint">{format.value(unit, previous)}</span>
            <span aria-hidden="true" className="text-ink-faint">
              →
            </span>
          </>
        )}
        <span className="font-display text-[2.6rem] leading-none font-medium tracking-[-0.03em]">{format.value(unit, value)}</span>
        {change !== null && <Change unit={unit} change={change} better={better} className="relative -top-1" />}
        <span className="text-xs text-ink-faint tabular-nums">
          {figure.label} · {nameBase(t, figure.metric, figure.base, format.count(figure.base))}
        </span>
      </div>

      <ul className="mt-5">
        {rows.map((row, place) => {
          const part = typeof row.change === 'number' ? row.change : 0
          const good = isGoodNews(part, better)
          const words = names.map((column) => translateWord(t, column.key, row[column.key])).filter((word) => word !== null)
          return (
            <li key={place} className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 border-b border-line py-2.5 last:border-0 @2xl:grid-cols-[minmax(0,1fr)_13rem_5.5rem]">
              <span className="min-w-0">
                <span className="block truncate text-sm font-medium">{words.at(-1) ?? '–'}</span>
                <Details row={row} columns={details} lead={words.slice(0, -1)} />
              </span>
              <span aria-hidden="true" className="relative order-last col-span-2 mt-2 h-3 @2xl:order-none @2xl:col-span-1 @2xl:mt-0">
                <span className="absolute inset-y-[-3px] left-1/2 w-px bg-line-strong" />
                <span
                  className={cx('absolute inset-y-0', part < 0 ? 'right-1/2 rounded-l-sm' : 'left-1/2 rounded-r-sm', good === null ? 'bg-ink-faint' : good ? 'bg-good' : 'bg-bad')}
                  style={{ width: `${((Math.abs(part) / widest) * 50).toFixed(2)}%` }}
                />
              </span>
              <span className="text-right text-sm font-semibold tabular-nums">
                {format.change(unit, part)}
                {good !== null && <span className="sr-only">, {t(good ? 'block.better' : 'block.worse')}</span>}
              </span>
            </li>
          )
        })}
      </ul>
    </BlockFrame>
  )
}
