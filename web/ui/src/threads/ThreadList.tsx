import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { Button } from '@/design/Button'
import { Skeleton } from '@/design/Skeleton'
import { useFormat } from '@/format/useFormat'

import { groupThreads } from './grouping'
import { ThreadItem } from './ThreadItem'
import { useThreads } from './useThreads'

/** Past threads, by day. */
export function ThreadList({ onNavigate }: { onNavigate?: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data, isPending, isError, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useThreads()
  const groups = useMemo(() => {
    const threads = data?.pages.flatMap((page) => page.items) ?? []
    return groupThreads(threads, { now: new Date(), format, words: { today: t('threads.today'), yesterday: t('threads.yesterday') } })
  }, [data, format, t])

  if (isPending) {
    return (
      <div className="grid gap-3 px-3 pt-2" aria-busy="true">
        {['w-3/4', 'w-5/6', 'w-2/3', 'w-4/5'].map((width) => (
          <Skeleton key={width} className={`h-4 ${width}`} />
        ))}
      </div>
    )
  }
  if (isError) {
    return (
      <div className="px-3 text-sm text-ink-soft" role="alert">
        <p>{t('threads.failed')}</p>
        <Button look="quiet" className="mt-1 -ml-4" onClick={() => void refetch()}>
          {t('retry')}
        </Button>
      </div>
    )
  }
  if (groups.length === 0) return <p className="px-3 text-sm text-ink-soft">{t('threads.empty')}</p>

  return (
    <>
      {groups.map((group) => (
        <section key={group.key} aria-label={group.label} className="mb-4">
          <h2 className="eyebrow px-3 pb-1 first-letter:uppercase">{group.label}</h2>
          <ul>
            {group.threads.map((thread) => (
              <ThreadItem key={thread.id} thread={thread} onNavigate={onNavigate} />
            ))}
          </ul>
        </section>
      ))}
      {hasNextPage && (
        <Button look="quiet" className="w-full" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('threads.more')}
        </Button>
      )}
    </>
  )
}
