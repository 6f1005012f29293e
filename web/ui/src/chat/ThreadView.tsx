import { useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { explainError } from '@/api/message'
import type { Revision } from '@/api/trust'
import type { Language } from '@/api/types'
import { Button } from '@/design/Button'
import { Skeleton } from '@/design/Skeleton'
import { useFormat } from '@/format/useFormat'

import { Composer } from './Composer'
import { EmptyState } from './EmptyState'
import { COLUMNS, TEXT_COLUMN } from './layout'
import { listEntries } from './entries'
import { useChat } from './store'
import { TurnView } from './TurnView'

/** One thread: its turns, what was asked and not yet taken up, and the composer. Without a thread: the first page. */
export function ThreadView({ threadId }: { threadId: string | null }) {
  const { t, i18n } = useTranslation()
  const thread = useChat((chat) => (threadId ? chat.threads[threadId] : undefined))
  const loading = useChat((chat) => (threadId ? chat.loading[threadId] : undefined))
  const outbox = useChat((chat) => chat.outbox)
  const { ask, stop, loadThread } = useChat.getState()
  const entries = useMemo(() => listEntries(thread, outbox, threadId), [thread, outbox, threadId])
  const scroller = useRef<HTMLDivElement>(null)
  const last = entries.at(-1)
  const isKnown = thread !== undefined && thread.lastSeq + thread.turns.length > 0

  useEffect(() => {
    if (threadId && !isKnown) void loadThread(threadId)
    // Only when another thread is opened: while it is known, events keep it current.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [threadId])

  useScrollToLast(scroller, threadId, last?.key)

  const handleAsk = useCallback(
    (question: string) => void ask(question, threadId, i18n.language as Language),
    [ask, threadId, i18n.language],
  )

  const handleRevise = useCallback(
    (question: string, revision: Revision) => void ask(question, threadId, i18n.language as Language, revision),
    [ask, threadId, i18n.language],
  )

  return (
    <>
      {entries.length > 0 && <h1 className="sr-only">{thread?.title || t('threads.new')}</h1>}
      <div ref={scroller} className="scroll-quiet relative min-h-0 flex-1 overflow-x-hidden overflow-y-auto overscroll-contain [container-type:size]">
        {threadId && loading && entries.length === 0 ? (
          loading.status === 'failed' ? <ThreadProblem threadId={threadId} /> : <ThreadSkeleton />
        ) : entries.length === 0 ? (
          threadId ? <ThreadSkeleton /> : <EmptyState onAsk={handleAsk} />
        ) : (
          entries.map((entry) => (
            <TurnView key={entry.key} entry={entry} threadId={threadId} isLast={entry === last} onAsk={handleAsk} onRevise={handleRevise} />
          ))
        )}
      </div>
      <Composer
        draftKey={threadId ?? 'new'}
        isFollowUp={entries.length > 0}
        runningTurnId={last?.turn.status === 'running' && !last.pending ? last.turn.id : null}
        isBusy={last?.turn.status === 'running'}
        onAsk={handleAsk}
        onStop={stop}
      />
    </>
  )
}

/** A new question comes to the top of the page and its answer grows below it, so that nothing moves while one reads. */
function useScrollToLast(scroller: React.RefObject<HTMLDivElement | null>, threadId: string | null, lastKey: string | undefined): void {
  const seen = useRef<{ threadId: string | null; lastKey: string | undefined }>({ threadId: null, lastKey: undefined })

  useLayoutEffect(() => {
    const before = seen.current
    seen.current = { threadId, lastKey }
    if (!lastKey || before.lastKey === lastKey) return
    const [box, element] = [scroller.current, scroller.current?.lastElementChild]
    if (!box || !element) return
    const isNew = before.lastKey !== undefined && (before.threadId === threadId || before.threadId === null)
    const top = box.scrollTop + element.getBoundingClientRect().top - box.getBoundingClientRect().top
    box.scrollTo({ top, behavior: isNew ? 'smooth' : 'instant' })
  }, [scroller, threadId, lastKey])
}

function ThreadSkeleton() {
  return (
    <div className={`${COLUMNS} pt-10`} aria-busy="true">
      <div className={`${TEXT_COLUMN} grid gap-6`}>
        <Skeleton className="h-8 w-3/5" />
        <Skeleton className="h-28 w-full" />
        <Skeleton className="h-4 w-11/12" />
        <Skeleton className="h-4 w-4/5" />
      </div>
    </div>
  )
}

function ThreadProblem({ threadId }: { threadId: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const error = useChat((chat) => chat.loading[threadId]?.error)
  const loadThread = useChat((chat) => chat.loadThread)
  const isGone = error?.status === 404
  return (
    <div className={`${COLUMNS} pt-16`}>
      <div className={TEXT_COLUMN} role="alert">
        <h1 className="font-display text-2xl font-semibold">{t(isGone ? 'thread.notFound' : 'thread.failed')}</h1>
        {!isGone && <p className="mt-2 text-ink-soft">{explainError(error, t, format)}</p>}
        <div className="mt-6 flex flex-wrap gap-3">
          {!isGone && (
            <Button look="primary" onClick={() => void loadThread(threadId)}>
              {t('retry')}
            </Button>
          )}
          <Link to="/" className="inline-flex min-h-10 items-center rounded-md border border-line px-4 text-sm font-semibold hover:border-line-strong">
            {t('thread.back')}
          </Link>
        </div>
      </div>
    </div>
  )
}
