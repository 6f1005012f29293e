import type { BlockRow } from '../shape'

export interface Sorting {
  key: string
  direction: 'ascending' | 'descending'
}

/** Rows in the order that was asked for. Empty cells come last whichever way; equal rows keep the order of the answer. */
export function sortRows(rows: BlockRow[], sorting: Sorting | null, locale: string): BlockRow[] {
  if (!sorting) return rows
  const { key, direction } = sorting
  const sign = direction === 'ascending' ? 1 : -1
  return [...rows].sort((a, b) => {
    const [left, right] = [a[key] ?? null, b[key] ?? null]
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1
    if (typeof left === 'number' && typeof right === 'number') return sign * (left - right)
    return sign * String(left).localeCompare(String(right), locale, { numeric: true })
  })
}

/** What pressing a column's heading does: the larger first for numbers, A first for words; then the other way; then as it came. */
export function turnSorting(before: Sorting | null, key: string, isNumber: boolean): Sorting | null {
  const first = isNumber ? 'descending' : 'ascending'
  if (before?.key !== key) return { key, direction: first }
  if (before.direction === first) return { key, direction: isNumber ? 'ascending' : 'descending' }
  return null
}
