import { ChartNoAxesColumn, Table2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'

/** Between a drawing and the table of the same figures. */
export function ViewSwitch({ isTable, onChange }: { isTable: boolean; onChange: (isTable: boolean) => void }) {
  const { t } = useTranslation()
  const Icon = isTable ? ChartNoAxesColumn : Table2
  return (
    <button
      type="button"
      onClick={() => onChange(!isTable)}
      className="-mr-2 inline-flex min-h-8 shrink-0 items-center gap-1.5 rounded-md px-2 text-xs font-semibold text-ink-soft hover:bg-ink/6 hover:text-ink"
    >
      <Icon aria-hidden="true" className="size-3.5" />
      {t(isTable ? 'block.showChart' : 'block.showTable')}
    </button>
  )
}
