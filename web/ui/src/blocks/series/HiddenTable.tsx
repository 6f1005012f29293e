import { useTranslation } from 'react-i18next'

import { countDigits } from '@/format/format'

import { CellView } from '../cells'
import type { SeriesBlock } from './SeriesView'

/** The chart in words, for screen readers. */
export function HiddenTable({ title, columns, rows }: Pick<SeriesBlock, 'title' | 'columns' | 'rows'>) {
  const { t } = useTranslation()
  return (
    <div className="sr-only">
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col">
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, place) => (
            <tr key={place}>
              {columns.map((column, index) => {
                const digits = countDigits(column.unit, rows.map((one) => one[column.key] ?? null))
                const content = <CellView column={column} value={row[column.key]} digits={digits} />
                return index === 0 ? (
                  <th key={column.key} scope="row">
                    {content} {row.partial === true && `(${t('block.toDate')})`}
                  </th>
                ) : (
                  <td key={column.key}>{content}</td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
