import { useMemo } from 'react'

import type { Citation } from '@/api/types'
import { ConversationLink } from '@/conversation/ConversationLink'

import { readPassages, type Piece } from './words'

/** The answer in words. A reference opens the message that it points to. */
export function AnswerText({ lang, text, citations }: { lang: string; text: string; citations: Citation[] }) {
  const passages = useMemo(() => readPassages(text, citations.length), [text, citations.length])
  const draw = (piece: Piece, index: number) => {
    if (piece.kind === 'plain') return piece.text
    if (piece.kind === 'strong') return <strong key={index} className="font-semibold">{piece.text}</strong>
    const citation = citations[piece.number - 1]
    if (!citation) return null
    return (
      <ConversationLink
        key={index}
        conversationId={citation.conversation_id}
        messageId={citation.message_id}
        className="mx-0.5 rounded-sm bg-mark-soft px-1 align-super text-2xs font-semibold tabular-nums hover:bg-mark hover:text-on-mark"
      >
        {piece.number}
      </ConversationLink>
    )
  }

  return (
    <div lang={lang} className="grid max-w-[42rem] gap-3 text-[1.03rem] leading-[1.68] break-words">
      {passages.map((passage, index) =>
        passage.kind === 'list' ? (
          <ul key={index} className="grid list-disc gap-1.5 pl-5 marker:text-ink-faint">
            {passage.items.map((item, place) => (
              <li key={place}>{item.map(draw)}</li>
            ))}
          </ul>
        ) : (
          <p key={index}>{passage.pieces.map(draw)}</p>
        ),
      )}
    </div>
  )
}
