import type { Cell, Column, Row, WireBlock } from '@/api/types'
import { countDigits, type Format } from '@/format/format'

import type { Turn } from './fold'
import { stripMarks } from './words'

interface Figure {
  label: string
  unit: Column['unit']
  value: number | null
  previous?: number | null
}

/** Rows as tab-separated lines, which land in the cells of a spreadsheet. */
function writeRows(kind: string, columns: Column[], rows: Row[], format: Format): string[] {
  const head = columns.map((column) => column.label).join('\t')
  // A single conversation has a whole rating, which no decimals make more exact; a mean has them.
  const countFor = ({ unit, key }: Column) => (kind === 'conversations' ? undefined : countDigits(unit, rows.map((row) => row[key] ?? null)))
  const digits = new Map(columns.map((column) => [column.key, countFor(column)]))
  const write = (cell: Cell | undefined, { unit, key }: Column) => format.value(unit, cell, { key, digits: digits.get(key) }).replaceAll(/[\t\n]/g, ' ')
  return [head, ...rows.map((row) => columns.map((column) => write(row[column.key], column)).join('\t'))]
}

function writeBlock(block: WireBlock, format: Format): string {
  const lines = [block.title ?? '']
  for (const figure of (Array.isArray(block.figures) ? block.figures : []) as Figure[]) {
    const digits = countDigits(figure.unit, [figure.value, figure.previous ?? null])
    const before = typeof figure.previous === 'number' ? ` (${format.value(figure.unit, figure.previous, { digits })})` : ''
    lines.push(`${figure.label}: ${format.value(figure.unit, figure.value, { digits })}${before}`)
  }
  if (Array.isArray(block.columns) && Array.isArray(block.rows)) lines.push(...writeRows(block.kind, block.columns as Column[], block.rows as Row[], format))
  return lines.filter(Boolean).join('\n')
}

/** A turn for an e-mail or a spreadsheet: question, words, figures, and what they stand on. */
export function writePlainText(turn: Turn, format: Format): string {
  const parts = [turn.question, stripMarks(turn.text), ...turn.blocks.map((block) => writeBlock(block, format)), ...turn.notes, turn.coverage?.text ?? '']
  return parts.filter(Boolean).join('\n\n')
}
