import { Menu, SquarePen } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Navigate, useMatch, useNavigate } from 'react-router'

import { Rail } from '@/app/Rail'
import { ConversationSheet } from '@/conversation/ConversationSheet'
import { BrandMark } from '@/design/Brand'
import { IconButton } from '@/design/Button'
import { Sheet } from '@/design/Sheet'

import { Announcer } from './Announcer'
import { LineNotice } from './LineNotice'
import { ThreadView } from './ThreadView'
import { useChat } from './store'
import { useChatLine } from './useChatLine'

/** The thread on screen: the one of the address, or the one that the question asked on the first page has just opened. */
function useShownThread(isHome: boolean): string | null {
  const routed = useMatch('/t/:threadId')?.params.threadId ?? null
  const opened = useChat((chat) => chat.opened)
  const settle = useChat((chat) => chat.settle)
  const navigate = useNavigate()

  useEffect(() => {
    if (!opened) return
    if (isHome) void navigate(`/t/${opened.threadId}`, { replace: true })
    else settle()
  }, [opened, isHome, navigate, settle])

  return routed ?? (isHome ? (opened?.threadId ?? null) : null)
}

/** The page of the assistant: past threads beside, the open one in the middle, a conversation over it when one is opened. */
export default function ChatScreen() {
  const { t } = useTranslation()
  useChatLine()
  const isHome = useMatch('/') !== null
  const isConversation = useMatch('/c/:conversationId') !== null
  const threadId = useShownThread(isHome)
  const title = useChat((chat) => (threadId ? chat.threads[threadId]?.title : undefined))
  const [isDrawerOpen, setDrawerOpen] = useState(false)

  useEffect(() => {
    document.title = title ? `${title} · EvoSense` : 'EvoSense'
  }, [title])

  if (!threadId && !isHome && !isConversation) return <Navigate to="/" replace />

  return (
    <div className="grid h-dvh grid-rows-1 lg:grid-cols-[17rem_minmax(0,1fr)]">
      <a
        href="#question"
        className="sr-only z-30 rounded-md bg-brand px-4 py-2 font-semibold text-on-brand focus:not-sr-only focus:absolute focus:top-3 focus:left-3"
      >
        {t('skip')}
      </a>
      <aside className="hidden min-h-0 lg:block">
        <Rail />
      </aside>
      <main className="relative flex min-h-0 flex-col overflow-hidden bg-sheet lg:my-2 lg:mr-2 lg:rounded-2xl lg:shadow-low">
        <header className="flex items-center gap-1 border-b border-line px-2 py-1.5 lg:hidden">
          <IconButton label={t('threads.open')} onClick={() => setDrawerOpen(true)}>
            <Menu className="size-5" />
          </IconButton>
          <BrandMark className="size-6 shrink-0" />
          <p className="min-w-0 flex-1 truncate px-1 text-sm font-semibold">{title || 'EvoSense'}</p>
          <Link to="/" aria-label={t('threads.new')} className="grid size-10 place-items-center rounded-md text-ink-soft">
            <SquarePen className="size-5" />
          </Link>
        </header>
        <LineNotice />
        <ThreadView threadId={threadId} />
      </main>
      {isDrawerOpen && (
        <Sheet label={t('threads.title')} place="left" onClose={() => setDrawerOpen(false)}>
          <Rail onNavigate={() => setDrawerOpen(false)} />
        </Sheet>
      )}
      <ConversationSheet />
      <Announcer threadId={threadId} />
    </div>
  )
}
