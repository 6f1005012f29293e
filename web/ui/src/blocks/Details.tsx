import { Fragment } from 'react'

import { countDigits } from '@/format/format'

import { CellView } from './cells'
import type { BlockColumn, BlockRow } from './shape'

interface DetailsProps {
  row: BlockRow
  columns: BlockColumn[]
  /** Words that stand first. */
  lead?: string[]
}

/** What else a row says, in one quiet line below its name. */
export function Details({ row, columns, lead = [] }: DetailsProps) {
  const said = columns.filter(({ key }) => row[key] !== null && row[key] !== undefined)
  if (lead.length + said.length === 0) return null
  return (
    <span className="block text-xs text-ink-faint tabular-nums">
      {lead.join(' · ')}
      {said.map((column, place) => (
        <Fragment key={column.key}>
          {(place > 0 || lead.length > 0) && ' · '}
          {column.label}{' '}
          <span className="text-ink-soft">
            <CellView column={column} value={row[column.key]} digits={countDigits(column.unit, [row[column.key] ?? null])} />
          </span>
        </Fragment>
      ))}
    </span>
  )
}
