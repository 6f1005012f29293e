import { CalendarDays, GitCompareArrows, ListOrdered, Rows3, Ruler, Search, Sparkles, type LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import type { Understood } from '@/api/types'
import { cx } from '@/design/cx'
import { Skeleton } from '@/design/Skeleton'

const ICONS: Record<string, LucideIcon> = {
  intent: Sparkles,
  metrics: Ruler,
  period: CalendarDays,
  compare_to: GitCompareArrows,
  group_by: Rows3,
  search: Search,
  order: ListOrdered,
  limit: ListOrdered,
}

/** How the question was understood: chips below it on a phone, notes in the margin on a desk. What a default filled is dashed and says so. */
export function UnderstoodList({ understood, isExpected }: { understood: Understood[]; isExpected: boolean }) {
  const { t } = useTranslation()
  if (understood.length === 0 && !isExpected) return null

  return (
    <section role="group" aria-label={t('turn.understood')} className="mt-4 @4xl:col-start-1 @4xl:row-span-2 @4xl:row-start-1 @4xl:mt-1.5">
      <div className="@4xl:sticky @4xl:top-10">
        <h3 className="eyebrow hidden pb-3 @4xl:block">{t('turn.understood')}</h3>
        {understood.length === 0 ? (
          <div className="flex gap-2 @4xl:grid @4xl:gap-4">
            <Skeleton className="h-8 w-32 @4xl:h-9" />
            <Skeleton className="h-8 w-24 @4xl:h-9" />
          </div>
        ) : (
          <dl className="flex flex-wrap gap-2 @4xl:grid @4xl:gap-3.5">
            {understood.map((one, index) => (
              <Chip key={`${one.field}${index}`} understood={one} />
            ))}
          </dl>
        )}
      </div>
    </section>
  )
}

function Chip({ understood: { field, label, value, assumed } }: { understood: Understood }) {
  const { t } = useTranslation()
  // A sign says enough for what every question has; a condition needs its name: "up to 2" of what?
  const Icon = ICONS[field]
  return (
    <div
      className={cx(
        'animate-arrive rounded-md border px-2.5 py-1 @4xl:rounded-none @4xl:border-0 @4xl:border-l-2 @4xl:py-0 @4xl:pr-0 @4xl:pl-3',
        assumed ? 'border-dashed border-line-strong' : 'border-line bg-raised @4xl:border-brand @4xl:bg-transparent',
      )}
    >
      <dt className="inline text-xs text-ink-faint @4xl:block">
        {Icon && <Icon aria-hidden="true" className="mr-1.5 inline size-3.5 align-[-2px] @4xl:hidden" />}
        <span className={Icon ? 'sr-only @4xl:not-sr-only' : 'mr-1.5 @4xl:mr-0'}>{label}</span>
      </dt>
      <dd className="inline text-sm font-medium text-ink @4xl:block">
        {value}
        {assumed && (
          <span title={t('turn.assumedHint')} className="ml-1.5 text-xs font-normal text-ink-faint @4xl:block @4xl:ml-0">
            <span aria-hidden="true">{t('turn.assumed')}</span>
            <span className="sr-only">({t('turn.assumedHint')})</span>
          </span>
        )}
      </dd>
    </div>
  )
}
