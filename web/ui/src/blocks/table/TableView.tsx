import { BlockFrame } from '../BlockFrame'
import type { BlockColumn, BlockRow } from '../shape'
import { DataTable } from './DataTable'

export function TableView({ block }: { block: { title: string; columns: BlockColumn[]; rows: BlockRow[] } }) {
  return (
    <BlockFrame title={block.title} isEmpty={block.rows.length === 0}>
      <DataTable title={block.title} columns={block.columns} rows={block.rows} />
    </BlockFrame>
  )
}
