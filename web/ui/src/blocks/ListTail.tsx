import { useTranslation } from 'react-i18next'

import { useFormat } from '@/format/useFormat'

/** The end of a list that has more to show. */
export function ListTail({ hidden, onMore }: { hidden: number; onMore: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (hidden === 0) return null
  return (
    <button type="button" onClick={onMore} className="mt-2 min-h-9 text-sm font-semibold text-brand underline-offset-4 hover:underline">
      {t('block.more', { n: format.count(hidden) })}
    </button>
  )
}

/** Beside a list's title: how many there are, and how many of them came. */
export function ListCount({ came, total }: { came: number; total: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <span className="shrink-0 text-xs text-ink-faint tabular-nums">
      {came < total ? t('block.shown', { shown: format.count(came), total: format.count(total) }) : t('block.total', { count: total, n: format.count(total) })}
    </span>
  )
}
