import { ArrowDown, ArrowUp, ArrowUpDown } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { cx } from '@/design/cx'
import { countDigits } from '@/format/format'
import { useFormat } from '@/format/useFormat'

import { CellView, isNumeric, isSecondary } from '../cells'
import type { BlockColumn, BlockRow } from '../shape'
import { sortRows, turnSorting, type Sorting } from './sort'

const TALL = 14

interface DataTableProps {
  title: string
  columns: BlockColumn[]
  rows: BlockRow[]
}

/** A table that a reader can sort; its first column and its head stay in view when it scrolls. */
export function DataTable({ title, columns, rows }: DataTableProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const [sorting, setSorting] = useState<Sorting | null>(null)
  const sorted = useMemo(() => sortRows(rows, sorting, format.locale), [rows, sorting, format.locale])
  const digits = useMemo(() => columns.map((column) => countDigits(column.unit, rows.map((row) => row[column.key] ?? null))), [columns, rows])

  return (
    <div
      role="region"
      aria-label={t('block.scroll', { title })}
      tabIndex={0}
      className={cx('scroll-quiet overflow-auto', rows.length > TALL && 'max-h-[32rem]')}
    >
      <table className="w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            {columns.map((column, index) => {
              const direction = sorting?.key === column.key ? sorting.direction : null
              const isNumber = isNumeric(column)
              const Arrow = direction === null ? ArrowUpDown : direction === 'ascending' ? ArrowUp : ArrowDown
              return (
                <th
                  key={column.key}
                  scope="col"
                  aria-sort={direction ?? undefined}
                  className={cx(
                    'sticky top-0 z-10 border-b-2 border-ink bg-sheet p-0 text-xs font-semibold whitespace-nowrap text-ink-soft',
                    index === 0 ? 'left-0 z-20 text-left' : isNumber ? 'text-right' : 'text-left',
                  )}
                >
                  <button
                    type="button"
                    title={t('block.sortBy', { column: column.label })}
                    onClick={() => setSorting(turnSorting(sorting, column.key, isNumber))}
                    className={cx(
                      'group inline-flex min-h-9 items-center gap-1 rounded-sm hover:text-ink',
                      index === 0 ? 'pr-3' : isNumber ? 'flex-row-reverse pl-4' : 'px-4',
                      direction && 'text-ink',
                    )}
                  >
                    {column.label}
                    <Arrow
                      aria-hidden="true"
                      className={cx('size-3', direction === null && 'opacity-0 group-hover:opacity-60 group-focus-visible:opacity-60')}
                    />
                  </button>
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row, place) => (
            <tr key={place} className="group">
              {columns.map((column, index) => {
                const content = <CellView column={column} value={row[column.key]} digits={digits[index] ?? 0} isRich />
                const look = 'border-b border-line py-2.5 group-last:border-0'
                return index === 0 ? (
                  <th key={column.key} scope="row" className={cx(look, 'sticky left-0 max-w-48 min-w-28 bg-sheet pr-4 text-left font-medium @2xl:max-w-64 @2xl:min-w-36')}>
                    {content}
                  </th>
                ) : (
                  <td
                    key={column.key}
                    className={cx(
                      look,
                      isNumeric(column) ? 'pl-4 text-right whitespace-nowrap tabular-nums' : 'px-4',
                      isSecondary(column.key) && 'text-ink-soft',
                    )}
                  >
                    {content}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
