import { SatisfactionMark } from '@/design/SatisfactionMark'
import { satisfactionFill } from '@/design/satisfaction'
import { cx } from '@/design/cx'
import { countDigits } from '@/format/format'
import { useFormat } from '@/format/useFormat'

import { BlockFrame } from '../BlockFrame'
import { ListTail } from '../ListTail'
import { useMore } from '../useMore'
import { Details } from '../Details'
import type { BlockColumn, BlockRow } from '../shape'

const HELPING = 8

/** What customers talk about, most first: the bar is how often, its colour and the mark how content they were. */
export function ThemesView({ block: { title, columns, rows } }: { block: { title: string; columns: BlockColumn[]; rows: BlockRow[] } }) {
  const format = useFormat()
  const name = columns.find((column) => column.unit === 'text')
  const size = columns.find((column) => column.unit === 'count') ?? columns.find((column) => column.unit === 'percent')
  const mark = columns.find((column) => column.unit === 'rating')
  const details = columns.filter((column) => column !== name && column !== size && column !== mark && column.unit !== 'text')
  const words = columns.filter((column) => column !== name && column.unit === 'text')
  const { shown, hidden, showMore } = useMore(rows, HELPING)
  const most = Math.max(...rows.map((row) => (size ? Number(row[size.key] ?? 0) : 0)), 1e-9)
  const digits = mark ? countDigits('rating', rows.map((row) => row[mark.key] ?? null)) : 0

  return (
    <BlockFrame title={title} isEmpty={rows.length === 0}>
      <ol>
        {shown.map((row, place) => {
          const weight = size ? Number(row[size.key] ?? 0) : 0
          const satisfaction = mark ? row[mark.key] : null
          // That it is new, or growing.
          const lead = words.flatMap(({ key }) => (typeof row[key] === 'string' ? [row[key]] : []))
          return (
            <li key={place} className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 py-2.5">
              <span className="min-w-0 text-sm font-medium break-words">{(name && row[name.key]) ?? '–'}</span>
              <span className="flex items-center gap-4 text-sm">
                {size && (
                  <span className="font-semibold tabular-nums">
                    {format.value(size.unit, row[size.key])}
                    <span className="sr-only"> {size.label}</span>
                  </span>
                )}
                {mark && (
                  <span className="w-20 text-right" title={mark.label}>
                    {typeof satisfaction === 'number' ? <SatisfactionMark value={satisfaction} digits={digits} /> : '–'}
                  </span>
                )}
              </span>
              <span aria-hidden="true" className="col-span-2 mt-1.5 h-2 rounded-full bg-ink/6">
                <span
                  className={cx('block h-full rounded-full', typeof satisfaction === 'number' ? satisfactionFill(satisfaction) : 'bg-brand')}
                  style={{ width: `${Math.max(1, (weight / most) * 100).toFixed(2)}%` }}
                />
              </span>
              {details.length + lead.length > 0 && (
                <span className="col-span-2 mt-1">
                  <Details row={row} columns={details} lead={lead} />
                </span>
              )}
            </li>
          )
        })}
      </ol>
      <ListTail hidden={hidden} onMore={showMore} />
    </BlockFrame>
  )
}
