import { RotateCcw } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { explainDetail } from '@/api/message'
import { Button } from '@/design/Button'

import type { Entry } from './entries'
import { STOPPED } from './fold'
import { useChat } from './store'

/** A turn without an answer: stopped by the person, or failed; either way it can be asked again. */
export function TurnProblem({ entry, onAgain }: { entry: Entry; onAgain: () => void }) {
  const { t } = useTranslation()
  const { resend, discard } = useChat.getState()
  const { turn, pending } = entry
  const isStopped = turn.error?.code === STOPPED

  return (
    <div role={isStopped ? undefined : 'alert'} className={isStopped ? '' : 'rounded-lg bg-bad-soft px-5 py-4'}>
      <p className={isStopped ? 'text-ink-soft' : 'font-semibold'}>{t(isStopped ? 'turn.stopped' : 'turn.failed')}</p>
      {!isStopped && turn.error && <p className="mt-1 text-sm">{explainDetail(turn.error, t)}</p>}
      <div className="mt-3 flex flex-wrap gap-2">
        <Button onClick={() => (pending ? resend(pending.clientId) : onAgain())}>
          <RotateCcw aria-hidden="true" className="size-4" />
          {t('turn.ask')}
        </Button>
        {pending && (
          <Button look="quiet" onClick={() => discard(pending.clientId)}>
            {t('turn.discard')}
          </Button>
        )}
      </div>
    </div>
  )
}
