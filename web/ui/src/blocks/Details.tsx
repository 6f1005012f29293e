import { Fragment } from 'react'

import { useFormat } from '@/format/useFormat'

import type { BlockColumn, BlockRow } from './shape'

interface DetailsProps {
  row: BlockRow
  columns: BlockColumn[]
  /** Words that stand first. */
  lead?: string[]
}

/** What else a row says, in one quiet line below its name. */
export function Details({ row, columns, lead = [] }: DetailsProps) {
  const format = useFormat()
  const said = columns.filter(({ key }) => row[key] !== null && row[key] !== undefined)
  if (lead.length + said.length === 0) return null
  return (
    <span className="block text-xs text-ink-faint tabular-nums">
      {lead.join(' · ')}
      {said.map(({ key, label, unit }, place) => (
        <Fragment key={key}>
          {(place > 0 || lead.length > 0) && ' · '}
          {label} <span className="text-ink-soft">{format.value(unit, row[key], { key })}</span>
        </Fragment>
      ))}
    </span>
  )
}
