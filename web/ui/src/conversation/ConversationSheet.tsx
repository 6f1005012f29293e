import { useQuery } from '@tanstack/react-query'
import { Check, ChevronDown, Link2, X } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api } from '@/api/http'
import { explainError } from '@/api/message'
import { Button, IconButton } from '@/design/Button'
import { cx } from '@/design/cx'
import { Sheet } from '@/design/Sheet'
import { Skeleton } from '@/design/Skeleton'
import { useCopy } from '@/design/useCopy'
import { useFormat } from '@/format/useFormat'

import { ConversationHead } from './ConversationHead'
import { useOpenConversation, type OpenConversation } from './link'
import { MessageList } from './MessageList'
import { conversationKey } from './useCorrection'
import { WhyPanel } from './WhyPanel'

/** The conversation that the address names, over the page. */
export function ConversationSheet() {
  const { open, close } = useOpenConversation()
  return open && <OpenSheet key={open.conversationId} open={open} onClose={close} />
}

function OpenSheet({ open: { conversationId, messageId }, onClose }: { open: OpenConversation; onClose: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { copy, isCopied } = useCopy()
  const id = useId()
  const [isWhyOpen, setWhyOpen] = useState(false)
  const [jump, setJump] = useState<{ messageId: string } | null>(null)
  const { data, isPending, error, refetch } = useQuery({
    queryKey: conversationKey(conversationId),
    queryFn: () => api.conversation(conversationId),
  })
  const address = `${location.origin}/c/${encodeURIComponent(conversationId)}${messageId ? `?m=${encodeURIComponent(messageId)}` : ''}`

  return (
    <Sheet label={data ? t('conversation.title', { contact: data.contact }) : t('block.openConversation')} place="right" onClose={onClose}>
      <div className="flex h-full flex-col">
        <div className="flex items-start gap-1 border-b border-line py-3 pr-3 pl-5">
          <div className="min-w-0 flex-1 pt-1">
            {data ? <ConversationHead conversation={data} /> : <Skeleton className="h-6 w-40" />}
            {data && data.score !== null && (
              <button
                type="button"
                aria-expanded={isWhyOpen}
                aria-controls={isWhyOpen ? id : undefined}
                onClick={() => setWhyOpen(!isWhyOpen)}
                className="mt-1.5 -ml-2 inline-flex min-h-8 items-center gap-1 rounded-md px-2 text-sm font-semibold text-brand hover:bg-ink/6"
              >
                {t('conversation.why.open')}
                <ChevronDown aria-hidden="true" className={cx('size-4 transition-transform', isWhyOpen && 'rotate-180')} />
              </button>
            )}
          </div>
          <IconButton label={t(isCopied ? 'copied' : 'conversation.copyLink')} onClick={() => void copy(address)}>
            {isCopied ? <Check className="size-4.5" /> : <Link2 className="size-4.5" />}
          </IconButton>
          <IconButton label={t('close')} onClick={onClose}>
            <X className="size-5" />
          </IconButton>
        </div>
        {isPending && (
          <div className="grid gap-4 p-5" aria-busy="true">
            <Skeleton className="h-14 w-3/5 rounded-xl" />
            <Skeleton className="ml-auto h-20 w-3/4 rounded-xl" />
            <Skeleton className="h-10 w-2/5 rounded-xl" />
          </div>
        )}
        {error && (
          <div role="alert" className="p-6">
            <p className="font-semibold">{t('conversation.failed')}</p>
            <p className="mt-1 text-sm text-ink-soft">{explainError(error, t, format)}</p>
            <Button className="mt-4" onClick={() => void refetch()}>
              {t('retry')}
            </Button>
          </div>
        )}
        {data && isWhyOpen && <WhyPanel id={id} conversation={data} onJump={(target) => setJump({ messageId: target })} />}
        {data && <MessageList messages={data.messages} citedId={messageId} deciding={isWhyOpen ? data.deciding : []} jump={jump} />}
      </div>
    </Sheet>
  )
}
