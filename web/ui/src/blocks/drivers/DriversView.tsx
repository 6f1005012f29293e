import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Change } from '@/design/Change'
import { countDigits } from '@/format/format'
import { useFormat } from '@/format/useFormat'

import { BlockFrame } from '../BlockFrame'
import type { BlockColumn, BlockRow, Figure } from '../shape'
import { DataTable } from '../table/DataTable'
import { ListTail } from '../ListTail'
import { useMore } from '../useMore'
import { ViewSwitch } from '../ViewSwitch'
import { nameBase } from '../words'
import { DriverRow } from './DriverRow'

const HELPING = 8

interface Split {
  title: string
  figure: Figure
  columns: BlockColumn[]
  rows: BlockRow[]
}

interface DriversBlock extends Split {
  /** What the parts sum to. */
  told: string
  /** What moved within the first part. */
  deeper: Split | null
}

/** What moved a measure: how it moved, then each part's share of that, as bars from a middle line. */
export function DriversView({ block: { title, figure, columns, rows, told, deeper } }: { block: DriversBlock }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [isTable, setTable] = useState(false)
  const { unit, value, previous, better } = figure
  const change = figure.change ?? (value !== null && previous !== null ? value - previous : null)
  const digits = countDigits(unit, [value, previous])

  return (
    <BlockFrame title={title} aside={rows.length > 0 && <ViewSwitch isTable={isTable} onChange={setTable} />}>
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        {previous !== null && (
          <span className="font-display text-2xl text-ink-faint">
            {format.value(unit, previous, { digits })} <span aria-hidden="true">→</span>
          </span>
        )}
        <span className="font-display text-[2.6rem] leading-none font-medium tracking-[-0.03em]">{format.value(unit, value, { digits })}</span>
        {change !== null && <Change unit={unit} change={change} better={better} className="relative -top-1" />}
        <span className="text-xs text-ink-faint tabular-nums">
          {figure.label} · {nameBase(t, figure.metric, figure.base, format.count(figure.base))}
        </span>
      </p>
      <div className="mt-5">
        {isTable ? (
          <DataTable title={title} columns={columns} rows={rows} />
        ) : (
          <Parts figure={figure} columns={columns} rows={rows} />
        )}
      </div>
      {told && <p className="mt-2 text-xs text-ink-faint tabular-nums">{told}</p>}
      {deeper !== null && (
        <details className="mt-4 border-t border-line pt-3">
          <summary className="cursor-pointer text-sm font-medium">{deeper.title}</summary>
          <div className="mt-1">
            {isTable ? (
              <DataTable title={deeper.title} columns={deeper.columns} rows={deeper.rows} />
            ) : (
              <Parts figure={deeper.figure} columns={deeper.columns} rows={deeper.rows} />
            )}
          </div>
        </details>
      )}
    </BlockFrame>
  )
}

function Parts({ figure, columns, rows }: Omit<Split, 'title'>) {
  const { shown, hidden, showMore } = useMore(rows, HELPING)
  const widest = Math.max(...rows.map((row) => Math.abs(typeof row.change === 'number' ? row.change : 0)), 1e-9)
  const digits = countDigits(figure.unit, rows.flatMap((row) => [row.value ?? null, row.previous ?? null]))
  return (
    <>
      <ul>
        {shown.map((row, place) => (
          <DriverRow key={place} row={row} columns={columns} figure={figure} widest={widest} digits={digits} />
        ))}
      </ul>
      <ListTail hidden={hidden} onMore={showMore} />
    </>
  )
}
