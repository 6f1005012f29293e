import { ChartLine, Table2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Skeleton } from '@/design/Skeleton'

import { BlockFrame } from '../BlockFrame'
import type { BlockColumn, BlockRow } from '../shape'
import { DataTable } from '../table/DataTable'

import { HiddenTable } from './HiddenTable'
import { listPanels } from './panels'

// The drawing library weighs more than the rest of the page: it comes with the first chart.
const SeriesChart = lazy(() => import('./SeriesChart'))

export interface SeriesBlock {
  title: string
  x: string
  chart: 'line' | 'bar'
  columns: BlockColumn[]
  rows: BlockRow[]
}

/** Values along time or a scale: a chart, the same as a table at a press, and always a table for those who listen. */
export function SeriesView({ block }: { block: SeriesBlock }) {
  const { t } = useTranslation()
  const [isTable, setTable] = useState(false)
  const panels = listPanels(block.columns, block.x)
  const Icon = isTable ? ChartLine : Table2
  const canDraw = panels.length > 0 && block.columns.some((column) => column.key === block.x)

  return (
    <BlockFrame
      title={block.title}
      isEmpty={block.rows.length === 0}
      aside={
        canDraw &&
        block.rows.length > 0 && (
          <button
            type="button"
            onClick={() => setTable(!isTable)}
            className="inline-flex min-h-8 shrink-0 items-center gap-1.5 rounded-md px-2 text-xs font-semibold text-ink-soft hover:bg-ink/6 hover:text-ink"
          >
            <Icon aria-hidden="true" className="size-3.5" />
            {t(isTable ? 'block.showChart' : 'block.showTable')}
          </button>
        )
      }
    >
      {isTable || !canDraw ? (
        <DataTable title={block.title} columns={block.columns} rows={block.rows} />
      ) : (
        <>
          <HiddenTable {...block} />
          <Suspense fallback={panels.map((panel) => <Skeleton key={panel.unit} className="h-64 w-full" />)}>
            <SeriesChart block={block} panels={panels} />
          </Suspense>
        </>
      )}
    </BlockFrame>
  )
}
