import { CalendarDays, GitCompareArrows, ListOrdered, Rows3, Ruler, Search, Sparkles, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import type { Revision } from '@/api/trust'
import type { Understood } from '@/api/types'
import { cx } from '@/design/cx'
import { Skeleton } from '@/design/Skeleton'
import { EditButton, RemoveButton } from '@/edit/EditButton'
import { MeasureEditor } from '@/edit/MeasureEditor'
import { PeriodEditor } from '@/edit/PeriodEditor'
import { readEditable, type Editable } from '@/edit/plan'
import { SplitEditor } from '@/edit/SplitEditor'

import type { Turn } from './fold'

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

type Revise = (change: Omit<Revision, 'turn_id'>) => void

/**
 * How the question was understood: chips below it on a phone, notes in the margin on a desk. What a default filled is dashed and says so.
 * Each can be changed where it stands: the same question is then asked again with the plan that results.
 */
export function UnderstoodList({ turn, onRevise }: { turn: Turn; onRevise: Revise }) {
  const { t } = useTranslation()
  const { understood } = turn
  if (understood.length === 0 && turn.status !== 'running') return null
  const editable = readEditable(turn)
  const addsSplit = editable.canSplit && editable.groupBy === null

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
          <div className="flex flex-wrap items-center gap-2 @4xl:grid @4xl:gap-3.5">
            <dl className="contents">
              {understood.map((one, index) => (
                <Chip key={`${one.field}${index}`} understood={one}>
                  <ChipEdit understood={one} editable={editable} onRevise={onRevise} />
                </Chip>
              ))}
            </dl>
            {addsSplit && (
              <EditButton isNew label={t('edit.addSplit')}>
                {(close) => <SplitEditor groupBy={null} onRevise={closing(close, onRevise)} />}
              </EditButton>
            )}
          </div>
        )}
      </div>
    </section>
  )
}

const closing =
  (close: () => void, onRevise: Revise): Revise =>
  (change) => {
    close()
    onRevise(change)
  }

interface ChipEditProps {
  understood: Understood
  editable: Editable
  onRevise: Revise
}

/** The way to change what a chip says, where there is one. */
function ChipEdit({ understood: { field, label, value }, editable, onRevise }: ChipEditProps) {
  const { t } = useTranslation()
  if (field === 'period' && editable.canChangePeriod) {
    return <EditButton label={t('edit.period')}>{(close) => <PeriodEditor period={editable.period} onRevise={closing(close, onRevise)} />}</EditButton>
  }
  if (field === 'metrics' && editable.canChangeMetrics) {
    return <EditButton label={t('edit.metrics')}>{(close) => <MeasureEditor metrics={editable.metrics} onRevise={closing(close, onRevise)} />}</EditButton>
  }
  if (field === 'group_by' && editable.canSplit) {
    return <EditButton label={t('edit.split')}>{(close) => <SplitEditor groupBy={editable.groupBy} onRevise={closing(close, onRevise)} />}</EditButton>
  }
  if (!editable.canRemove(field)) return null
  return <RemoveButton label={t('edit.remove', { what: `${label}: ${value}` })} onClick={() => onRevise({ remove: [field] })} />
}

function Chip({ understood: { field, label, value, assumed }, children }: { understood: Understood; children: ReactNode }) {
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
        {children}
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
