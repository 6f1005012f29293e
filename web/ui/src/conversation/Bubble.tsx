import {
  Ban, ChartColumn, Contact, File, FileQuestion, Film, Image, MapPin, Mic, Scale, Smile, Sticker, Video, type LucideIcon,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'

import type { ConversationMessage } from '@/api/types'
import { cx } from '@/design/cx'
import { Feeling } from '@/design/Feeling'
import { useFormat } from '@/format/useFormat'

import { namePart } from './parts'

const MEDIA = {
  image: Image,
  video: Video,
  audio: Mic,
  sticker: Sticker,
  gif: Film,
  document: File,
  contact: Contact,
  location: MapPin,
  poll: ChartColumn,
  reaction: Smile,
  unsupported: FileQuestion,
} satisfies Record<string, LucideIcon>

interface BubbleProps {
  message: ConversationMessage
  isCited: boolean
  /** The part of the score that this message decided, while somebody asks why. */
  decided?: string
  isFirstOfAuthor: boolean
}

/** One message: the customer's on the left with how it feels, the company's on the right, WhatsApp's own lines between. */
export function Bubble({ message, isCited, decided, isFirstOfAuthor }: BubbleProps) {
  const { t } = useTranslation()
  const format = useFormat()
  if (message.author === 'system') {
    return (
      <li data-cited={isCited || undefined} className="mx-auto max-w-[85%] py-1 text-center text-xs text-ink-soft">
        {message.text}
      </li>
    )
  }
  const isCustomer = message.author === 'customer'

  return (
    <li
      data-cited={isCited || undefined}
      data-message={message.id}
      className={cx('grid max-w-[86%] gap-1', isCustomer ? 'justify-self-start' : 'justify-self-end', isFirstOfAuthor && 'mt-2 first:mt-0')}
    >
      <div
        className={cx(
          'rounded-xl px-3.5 py-2',
          isCustomer ? 'rounded-tl-sm' : 'rounded-tr-sm',
          isCited || decided ? 'bg-mark-soft ring-2 ring-mark-line' : isCustomer ? 'bg-raised' : 'bg-brand-soft',
        )}
      >
        {isFirstOfAuthor && message.author_name && <p className="text-xs font-semibold text-ink-soft">{message.author_name}</p>}
        {isCited && <span className="sr-only">{t('conversation.cited')}: </span>}
        <Body message={message} />
        <p className="mt-0.5 text-right text-2xs text-ink-faint tabular-nums">
          {message.is_edited && !message.is_deleted && <span className="mr-1.5 italic">{t('conversation.edited')}</span>}
          <time dateTime={message.sent_at}>{format.time(message.sent_at)}</time>
        </p>
      </div>
      {decided && (
        <p className={cx('flex items-center gap-1 px-1 text-xs font-semibold text-ink-soft', !isCustomer && 'justify-end')}>
          <Scale aria-hidden="true" className="size-3.5" />
          {t('conversation.why.decided', { part: namePart(t, decided) })}
        </p>
      )}
      {isCustomer && <Feeling sentiment={message.sentiment} emotion={message.emotion} tone={message.tone} className="px-1" />}
    </li>
  )
}

function Body({ message }: { message: ConversationMessage }) {
  const { t } = useTranslation()
  if (message.is_deleted) {
    return (
      <p className="flex items-center gap-1.5 text-sm text-ink-soft italic">
        <Ban aria-hidden="true" className="size-3.5" />
        {t('conversation.deleted')}
      </p>
    )
  }
  const kind = message.kind in MEDIA ? (message.kind as keyof typeof MEDIA) : null
  const Icon = kind && MEDIA[kind]
  return (
    <>
      {kind && Icon && (
        <p className="flex items-center gap-2 text-sm text-ink-soft">
          <Icon aria-hidden="true" className="size-4 shrink-0" />
          <span className="min-w-0 break-all">
            {t(`conversation.media.${kind}`)}
            {message.attachment && <span className="text-ink-faint"> · {message.attachment}</span>}
          </span>
        </p>
      )}
      {message.text && <p className="text-sm leading-relaxed break-words whitespace-pre-line">{message.text}</p>}
    </>
  )
}
