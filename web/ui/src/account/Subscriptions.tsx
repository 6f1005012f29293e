import { useId } from 'react'
import { useTranslation } from 'react-i18next'

import { explainError } from '@/api/message'
import type { Subscription } from '@/api/types'
import { Skeleton } from '@/design/Skeleton'
import { useFormat } from '@/format/useFormat'

import { useSetSubscriptions, useSubscriptions } from './useWhatsApp'

// One place for each kind of notice, so that nothing jumps when they come.
const HELD = [0, 1, 2, 3]
const HOURS = Array.from({ length: 24 }, (_, hour) => hour)

/** What a person is told without asking, and at which hours not. Each change is saved at once. */
export function Subscriptions() {
  const { t } = useTranslation()
  const format = useFormat()
  const { data, isPending, isError, error } = useSubscriptions()
  const save = useSetSubscriptions()
  const failed = isError ? error : save.isError ? save.error : null
  const first = data?.[0]
  const setQuiet = (change: Partial<Subscription>) => data && save.mutate(data.map((item) => ({ ...item, ...change })))

  return (
    <section aria-labelledby="subscriptions-title" aria-busy={isPending}>
      <h3 id="subscriptions-title" className="font-semibold">
        {t('whatsapp.unasked')}
      </h3>
      <p className="mt-1 text-sm text-ink-soft">{t('whatsapp.unaskedHint')}</p>
      {failed !== null && (
        <p role="alert" className="mt-3 text-sm text-bad">
          {explainError(failed, t, format)}
        </p>
      )}
      {isPending && (
        <div className="mt-4 grid gap-3">
          {HELD.map((place) => (
            <Skeleton key={place} className="h-10 w-full" />
          ))}
        </div>
      )}
      <ul className="mt-4 grid gap-1">
        {data?.map((item) => (
          <SubscriptionItem key={item.kind} item={item} onChange={(change) => save.mutate([{ ...item, ...change }])} />
        ))}
      </ul>
      {first && (
        <fieldset className="mt-5">
          <legend className="text-sm font-semibold">{t('whatsapp.quiet')}</legend>
          <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-2">
            <HourChoice label={t('whatsapp.quietFrom')} value={first.quiet_from} onChange={(quiet_from) => setQuiet({ quiet_from })} />
            <HourChoice label={t('whatsapp.quietUntil')} value={first.quiet_until} onChange={(quiet_until) => setQuiet({ quiet_until })} />
          </div>
        </fieldset>
      )}
    </section>
  )
}

function SubscriptionItem({ item, onChange }: { item: Subscription; onChange: (change: Partial<Subscription>) => void }) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 rounded-md py-2">
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={item.is_active}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange({ is_active: event.target.checked })}
        className="mt-0.5 size-5 shrink-0 accent-brand"
      />
      <span className="min-w-0 flex-1">
        <label htmlFor={id} className="block text-sm font-semibold">
          {t(`whatsapp.kinds.${item.kind}.label`)}
        </label>
        <span id={`${id}-hint`} className="block text-sm text-ink-soft">
          {t(`whatsapp.kinds.${item.kind}.hint`)}
        </span>
      </span>
      {item.kind === 'briefing' && item.is_active && (
        <HourChoice label={t('whatsapp.hour')} value={item.hour} onChange={(hour) => onChange({ hour })} />
      )}
    </li>
  )
}

function HourChoice({ label, value, onChange }: { label: string; value: number; onChange: (hour: number) => void }) {
  const format = useFormat()
  return (
    <label className="inline-flex items-center gap-2 text-sm text-ink-soft">
      {label}
      <select
        value={value}
        onChange={(event) => onChange(Number(event.target.value))}
        className="min-h-10 rounded-md border border-line-strong bg-raised px-2 text-sm text-ink tabular-nums"
      >
        {HOURS.map((hour) => (
          <option key={hour} value={hour}>
            {format.value('hour', hour)}
          </option>
        ))}
      </select>
    </label>
  )
}
