import type { Cell, Column, Row, WireBlock } from '@/api/types'
import type { Format } from '@/format/format'

import type { Turn } from './fold'
import { stripMarks } from './words'

interface Figure {
  label: string
  unit: Column['unit']
  value: number | null
  previous?: number | null
}

/** Rows as tab-separated lines, which land in the cells of a spreadsheet. */
function writeRows(columns: Column[], rows: Row[], format: Format): string[] {
  const head = columns.map((column) => column.label).join('\t')
  const write = (cell: Cell | undefined, { unit, key }: Column) => format.value(unit, cell, { key }).replaceAll(/[\t\n]/g, ' ')
  return [head, ...rows.map((row) => columns.map((column) => write(row[column.key], column)).join('\t'))]
}

function writeBlock(block: WireBlock, format: Format): string {
  const lines = [block.title ?? '']
  for (const figure of (Array.isArray(block.figures) ? block.figures : []) as Figure[]) {
    const before = typeof figure.previous === 'number' ? ` (${format.value(figure.unit, figure.previous)})` : ''
    lines.push(`${figure.label}: ${format.value(figure.unit, figure.value)}${before}`)
  }
  if (Array.isArray(block.columns) && Array.isArray(block.rows)) lines.push(...writeRows(block.columns as Column[], block.rows as Row[], format))
  return lines.filter(Boolean).join('\n')
}

/** A turn for an e-mail or a spreadsheet: question, words, figures, and what they stand on. */
export function writePlainText(turn: Turn, format: Format): string {
  const parts = [turn.question, stripMarks(turn.text), ...turn.blocks.map((block) => writeBlock(block, format)), ...turn.notes, turn.coverage?.text ?? '']
  return parts.filter(Boolean).join('\n\n')
}
