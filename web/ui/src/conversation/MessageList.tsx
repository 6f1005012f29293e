import { useLayoutEffect, useRef } from 'react'

import type { ConversationMessage } from '@/api/types'
import { useFormat } from '@/format/useFormat'

import { Bubble } from './Bubble'
import { groupDays } from './days'

/** The messages of a conversation as a chat, opened at the one that an answer cites. */
export function MessageList({ messages, citedId }: { messages: ConversationMessage[]; citedId: string | null }) {
  const format = useFormat()
  const list = useRef<HTMLDivElement>(null)

  useLayoutEffect(() => {
    const cited = list.current?.querySelector<HTMLElement>('[data-cited]')
    if (!list.current || !cited) return
    // Only the list may move: scrollIntoView would push the page around it as well.
    const offset = cited.getBoundingClientRect().top - list.current.getBoundingClientRect().top
    list.current.scrollTop += offset - (list.current.clientHeight - cited.clientHeight) / 2
  }, [citedId])

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
                isFirstOfAuthor={place === 0 || sent[place - 1]?.author !== message.author || sent[place - 1]?.author_name !== message.author_name}
              />
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
}
