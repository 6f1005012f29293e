import { CircleAlert, CircleCheck, CircleDashed, Trash2, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { explainError } from '@/api/message'
import type { VerifiedQuestion } from '@/api/trust'
import { Button, IconButton } from '@/design/Button'
import { Sheet } from '@/design/Sheet'
import { Skeleton } from '@/design/Skeleton'
import { useFormat } from '@/format/useFormat'

import { useForgetVerified, useVerifiedQuestions } from './useVerified'

/** The questions that the company vouches for, and what the nightly check found of each. */
export function VerifiedSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data, error, hasNextPage, fetchNextPage } = useVerifiedQuestions()
  const items = data?.pages.flatMap((page) => page.items)
  return (
    <Sheet label={t('verified.list')} place="right" onClose={onClose}>
      <div className="flex h-full flex-col">
        <header className="flex items-center justify-between gap-4 border-b border-line py-3 pr-3 pl-6">
          <h2 className="font-display text-xl font-semibold">{t('verified.list')}</h2>
          <IconButton label={t('close')} onClick={onClose}>
            <X aria-hidden="true" className="size-5" />
          </IconButton>
        </header>
        <div className="scroll-quiet flex-1 overflow-y-auto px-6 py-4">
          {error && <p role="alert">{explainError(error, t, format)}</p>}
          {!items && !error && <Skeleton className="h-24 w-full" />}
          {items?.length === 0 && <p className="text-sm text-ink-soft">{t('verified.none')}</p>}
          <ul>
            {items?.map((item) => (
              <Item key={item.id} item={item} />
            ))}
          </ul>
          {hasNextPage && <Button onClick={() => void fetchNextPage()}>{t('threads.more')}</Button>}
        </div>
      </div>
    </Sheet>
  )
}

const SIGNS = { sound: CircleCheck, unchecked: CircleDashed, empty: CircleAlert, reread: CircleAlert, drifted: CircleAlert, broken: CircleAlert } as const

function Item({ item }: { item: VerifiedQuestion }) {
  const { t } = useTranslation()
  const format = useFormat()
  const forget = useForgetVerified()
  const Sign = SIGNS[item.state]
  const isWell = item.state === 'sound' || item.state === 'unchecked'
  return (
    <li className="flex items-start gap-2 border-b border-line py-4 last:border-0">
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">{item.question}</p>
        <p className="mt-1 text-xs text-ink-soft">
          {t('verified.by', { name: item.made_by ?? '–', at: format.dateTime(item.made_at) })} {item.days}
        </p>
        <p className={`mt-1.5 flex items-start gap-1.5 text-sm ${isWell ? 'text-ink-soft' : 'font-medium text-bad'}`}>
          <Sign aria-hidden="true" className="mt-[3px] size-4 shrink-0" />
          <span>{item.problems.length > 0 ? item.problems.map((problem) => problem.text).join(' ') : t(`verified.states.${item.state}`)}</span>
        </p>
        {forget.isError && (
          <p role="alert" className="mt-1 text-sm text-bad">
            {explainError(forget.error, t, format)}
          </p>
        )}
      </div>
      <IconButton label={t('verified.forget', { question: item.question })} disabled={forget.isPending} onClick={() => forget.mutate(item.id)}>
        <Trash2 aria-hidden="true" className="size-4" />
      </IconButton>
    </li>
  )
}
