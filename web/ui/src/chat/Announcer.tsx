import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { stripMarks } from './words'
import { useChat } from './store'

/** Says an answer to a screen reader, once, when it is whole; the pieces that grow on screen stay silent. */
export function Announcer({ threadId }: { threadId: string | null }) {
  const { t } = useTranslation()
  const turn = useChat((chat) => (threadId ? chat.threads[threadId]?.turns.at(-1) : undefined))
  const [said, setSaid] = useState('')
  const told = useRef<string | null>(null)

  useEffect(() => {
    // A turn that was read from storage bears no mark of who asked it: it was told when it happened.
    if (!turn?.clientId) return
    if (turn.status === 'running') setSaid(t('turn.working'))
    else if (told.current !== turn.id) {
      told.current = turn.id
      setSaid(
        turn.status === 'answered'
          ? t('turn.announce', { text: stripMarks(turn.text) })
          : t('turn.announceFailed', { text: turn.error?.message ?? '' }),
      )
    }
  }, [turn, t])

  return (
    <div role="status" aria-live="polite" className="sr-only" data-testid="announcer">
      {said}
    </div>
  )
}
