import { Check, Copy, RotateCw, Star, ThumbsDown, ThumbsUp } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { explainError } from '@/api/message'
import { useSession } from '@/auth/session'
import { Button, IconButton } from '@/design/Button'
import { cx } from '@/design/cx'
import { useCopy } from '@/design/useCopy'
import { useFormat } from '@/format/useFormat'
import { FeedbackForm } from '@/trust/FeedbackForm'
import { useJudge } from '@/trust/useJudge'
import { VerifyForm } from '@/trust/VerifyForm'

import type { Turn } from './fold'
import { writePlainText } from './plainText'
import { nameProvider } from './provider'

const UNPLANNED = ['help', 'clarify', 'refuse']

interface FooterProps {
  turn: Turn
  threadId: string | null
  onRegenerate: () => void
}

/** What can be done with an answer: copy, judge, ask again, vouch for it. In small print who made it, when, and how fast. */
export function Footer({ turn, threadId, onRegenerate }: FooterProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { copy, isCopied } = useCopy()
  const role = useSession((session) => session.me?.role)
  const judge = useJudge(threadId, turn.id)
  const [open, setOpen] = useState<'feedback' | 'verify' | null>(null)
  const mayVerify = (role === 'admin' || role === 'manager') && !UNPLANNED.includes(turn.intent ?? '')
  const given = turn.feedback

  /** What was sent may be heard late: by then another form may be open. */
  const close = (form: typeof open) => setOpen((now) => (now === form ? null : now))

  function press(is_good: boolean) {
    if (given?.is_good === is_good) {
      setOpen(null)
      return judge.mutate(null)
    }
    judge.mutate({ is_good, reason: null, comment: '' }, { onSuccess: () => setOpen('feedback') })
  }

  return (
    <footer className="grid gap-3 border-t border-line pt-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <div className="-ml-3 flex flex-wrap items-center">
          <Button look="quiet" className="min-h-9 px-3" onClick={() => void copy(writePlainText(turn, format))}>
            {isCopied ? <Check aria-hidden="true" className="size-4" /> : <Copy aria-hidden="true" className="size-4" />}
            <span aria-live="polite">{t(isCopied ? 'copied' : 'turn.copy')}</span>
          </Button>
          <Toggle label={t('feedback.good')} isOn={given?.is_good === true} Icon={ThumbsUp} onClick={() => press(true)} />
          <Toggle label={t('feedback.bad')} isOn={given?.is_good === false} Icon={ThumbsDown} onClick={() => press(false)} />
          {mayVerify && (
            <Toggle
              label={t(turn.verifiedId ? 'verified.again' : 'verified.title')}
              isOn={turn.verifiedId !== null}
              Icon={Star}
              onClick={() => setOpen(open === 'verify' ? null : 'verify')}
            />
          )}
          <IconButton label={t('turn.regenerate')} onClick={onRegenerate}>
            <RotateCw aria-hidden="true" className="size-4" />
          </IconButton>
        </div>
        {turn.made && (
          <p className="text-xs text-ink-faint tabular-nums">
            {t('turn.made', {
              provider: nameProvider(t, turn.made.provider),
              took: t('turn.took', { time: format.took(turn.made.tookMs) }),
              at: format.dateTime(turn.made.asOf),
            })}
          </p>
        )}
      </div>
      {judge.isError && open !== 'feedback' && (
        <p role="alert" className="text-sm text-bad">
          {explainError(judge.error, t, format)}
        </p>
      )}
      {open === 'feedback' && given && <FeedbackForm key={String(given.is_good)} feedback={given} judge={judge} onClose={() => close('feedback')} />}
      {open === 'verify' && <VerifyForm threadId={threadId} turnId={turn.id} question={turn.question} onClose={() => close('verify')} />}
    </footer>
  )
}

function Toggle({ label, isOn, Icon, onClick }: { label: string; isOn: boolean; Icon: typeof Star; onClick: () => void }) {
  return (
    <IconButton label={label} aria-pressed={isOn} onClick={onClick}>
      <Icon aria-hidden="true" className={cx('size-4', isOn && 'fill-current')} />
    </IconButton>
  )
}
