import { useLayoutEffect, useRef } from 'react'

import type { Conversation, ConversationMessage } from '@/api/types'
import { useFormat } from '@/format/useFormat'

import { Bubble } from './Bubble'
import { groupDays } from './days'

interface MessageListProps {
  messages: ConversationMessage[]
  citedId: string | null
  /** The messages that decided the score, while somebody asks why. */
  deciding?: Conversation['deciding']
  /** The message to bring into view; a new object each time that it is asked for. */
  jump?: { messageId: string } | null
}

/** The messages of a conversation as a chat, opened at the one that an answer cites. */
export function MessageList({ messages, citedId, deciding = [], jump = null }: MessageListProps) {
  const format = useFormat()
  const list = useRef<HTMLDivElement>(null)

  useLayoutEffect(() => show(list.current, '[data-cited]'), [citedId])
  useLayoutEffect(() => {
    if (jump) show(list.current, `[data-message="${CSS.escape(jump.messageId)}"]`)
  }, [jump])

  return (
    <div ref={list} tabIndex={0} role="log" aria-live="off" className="scroll-quiet min-h-0 flex-1 overflow-y-auto overscroll-contain bg-sunk px-4 pb-8">
      {groupDays(messages, format).map(({ day, messages: sent }) => (
        <section key={day} aria-label={format.day(day)}>
          <h3 className="sticky top-0 z-10 py-3 text-center">
            <span className="rounded-full bg-raised px-3 py-1 text-2xs font-semibold text-ink-soft shadow-low first-letter:uppercase">
              {format.day(day, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })}
            </span>
          </h3>
          <ol className="grid gap-1.5">
            {sent.map((message, place) => (
              <Bubble
                key={message.id}
                message={message}
                isCited={message.id === citedId}
                decided={deciding.find((one) => one.message_id === message.id)?.part}
                isFirstOfAuthor={place === 0 || sent[place - 1]?.author !== message.author || sent[place - 1]?.author_name !== message.author_name}
              />
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
}

/** Brings a message to the middle of the list. Only the list may move: scrollIntoView would push the page around it as well. */
function show(list: HTMLElement | null, selector: string): void {
  const found = list?.querySelector<HTMLElement>(selector)
  if (!list || !found) return
  const offset = found.getBoundingClientRect().top - list.getBoundingClientRect().top
  list.scrollTop += offset - (list.clientHeight - found.clientHeight) / 2
}
