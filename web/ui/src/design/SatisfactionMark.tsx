import { useTranslation } from 'react-i18next'

import { useFormat } from '@/format/useFormat'

import { cx } from './cx'
import { satisfactionFill } from './satisfaction'

/** Five small steps, filled up to the satisfaction, with its number: colour is never alone. */
export function SatisfactionMark({ value, digits }: { value: number; digits?: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const fill = satisfactionFill(value)
  const shown = format.rating(value, digits ?? (Number.isInteger(value) ? 0 : undefined))

  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <span aria-hidden="true" className="flex items-end gap-[2px]">
        {[1, 2, 3, 4, 5].map((step) => (
          <span key={step} className={cx('w-[4px] rounded-[1px]', step <= Math.round(value) ? fill : 'bg-ink/14', HEIGHTS[step - 1])} />
        ))}
      </span>
      <span className="font-semibold tabular-nums">
        <span aria-hidden="true">{shown}</span>
        <span className="sr-only">{t('value.satisfaction', { value: shown })}</span>
      </span>
    </span>
  )
}

const HEIGHTS = ['h-[6px]', 'h-[8px]', 'h-[10px]', 'h-[12px]', 'h-[14px]']
