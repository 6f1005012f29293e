import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Skeleton } from '@/design/Skeleton'

import type { Turn } from './fold'
import type { Pending } from './outbox'
import { useChat } from './store'

const SLOW_MS = 12_000

/** Where an answer that is being made has got to, and a place held for what comes next. */
export function Progress({ turn, pending, hasBegun }: { turn: Turn; pending: Pending | null; hasBegun: boolean }) {
  const { t } = useTranslation()
  const isLineReady = useChat((chat) => chat.line === 'ready')
  const [isSlow, setSlow] = useState(false)

  // Anything that arrives starts the wait anew.
  useEffect(() => {
    setSlow(false)
    const timer = setTimeout(() => setSlow(true), SLOW_MS)
    return () => clearTimeout(timer)
  }, [turn])

  const stage = pending
    ? isLineReady
      ? t('turn.sending')
      : t('turn.held')
    : hasBegun
      ? t('turn.writing')
      : turn.understood.length > 0
        ? t('turn.counting')
        : t('turn.working')

  return (
    <div className="grid gap-5">
      {!hasBegun && (
        <div aria-hidden="true" className="grid gap-3">
          <Skeleton className="h-4 w-40" />
          <Skeleton className="h-14 w-56" />
          <Skeleton className="h-2 w-full" />
        </div>
      )}
      <p className="text-sm text-ink-soft">
        <span className="working">{stage}</span>
        {isSlow && !pending && <span className="ml-2 text-ink-faint">{t('turn.slow')}</span>}
      </p>
    </div>
  )
}
