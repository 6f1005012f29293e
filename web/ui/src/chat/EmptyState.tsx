import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { api } from '@/api/http'
import { explainError } from '@/api/message'
import type { Status } from '@/api/types'
import { useSession } from '@/auth/session'
import { Button } from '@/design/Button'
import { Skeleton } from '@/design/Skeleton'
import { useFormat } from '@/format/useFormat'

import { COLUMNS, TEXT_COLUMN } from './layout'
import { NoData } from './NoData'
import { Suggestions } from './Suggestions'

/** While conversations are awaited, or wait to be analysed, the count is looked at again this often. */
const WATCH_MS = 8_000

type Hour = 'morning' | 'afternoon' | 'evening'

export function nameHour(hour: number): Hour {
  if (hour < 5 || hour >= 18) return 'evening'
  return hour < 12 ? 'morning' : 'afternoon'
}

/** The first page: who is here, what EvoSense has read, and what can be asked. */
export function EmptyState({ onAsk }: { onAsk: (question: string) => void }) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const name = useSession((session) => session.me?.name) ?? ''
  const status = useQuery({
    queryKey: ['status'],
    queryFn: api.status,
    refetchInterval: (query) => (query.state.data && (query.state.data.conversations === 0 || query.state.data.pending > 0) ? WATCH_MS : false),
  })
  const suggestions = useQuery({
    queryKey: ['suggestions', i18n.language],
    queryFn: api.suggestions,
    enabled: (status.data?.conversations ?? 0) > 0,
  })
  const hour = Number(new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone: format.timeZone }).format(new Date()))

  return (
    <div className={`${COLUMNS} py-10 @4xl:pt-[16cqh]`}>
      <div className={TEXT_COLUMN}>
        <p className="text-lg text-ink-soft">{t(`empty.${nameHour(hour)}`, { name: name.split(' ')[0] })}</p>
        {status.data?.conversations === 0 ? (
          <NoData />
        ) : (
          <>
            <h1 className="mt-1 max-w-[16ch] font-display text-3xl font-semibold tracking-[-0.02em] @2xl:text-[2.9rem] @2xl:leading-[1.08]">
              <PenTitle text={t('empty.title')} />
            </h1>
            <div className="mt-5 min-h-12 max-w-[34rem] text-ink-soft">
              {status.data ? <Reading status={status.data} /> : status.isError ? <p role="alert">{explainError(status.error, t, format)}</p> : <Skeleton className="h-4 w-72 max-w-full" />}
            </div>
            {status.isError && (
              <Button className="mt-2" onClick={() => void status.refetch()}>
                {t('retry')}
              </Button>
            )}
            <div className="mt-9">
              {suggestions.data ? (
                <Suggestions level={2} label={t('empty.suggestions')} suggestions={suggestions.data.items} onAsk={onAsk} />
              ) : suggestions.isPending && !status.isError ? (
                <div aria-hidden="true" className="grid gap-7 pt-8">
                  <Skeleton className="h-5 w-4/5" />
                  <Skeleton className="h-5 w-3/5" />
                  <Skeleton className="h-5 w-2/3" />
                </div>
              ) : null}
            </div>
          </>
        )}
      </div>
    </div>
  )
}

/** A title with its words between asterisks under the pen. */
function PenTitle({ text }: { text: string }) {
  const [before, marked, after] = text.split('*')
  return (
    <>
      {before}
      <span className="stroke animate-stroke [--stroke:100%]">{marked}</span>
      {after}
    </>
  )
}

function Reading({ status: { analysed, pending, first_on, last_on } }: { status: Status }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <>
      <p className="tabular-nums">
        {t('empty.read', { count: analysed, n: format.count(analysed), period: first_on && last_on ? format.period(first_on, last_on) : '–' })}
        {pending > 0 && ` ${t('empty.pending', { count: pending, n: format.count(pending) })}`}
      </p>
      <p className="mt-1">{t('empty.trust')}</p>
    </>
  )
}
