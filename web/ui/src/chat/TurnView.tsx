import { memo } from 'react'
import { useTranslation } from 'react-i18next'

import { BlockView } from '@/blocks/BlockView'
import type { Revision } from '@/api/trust'
import { cx } from '@/design/cx'
import { LANGUAGE_TAGS } from '@/i18n'

import { AboutTurn } from './AboutTurn'
import { AnswerText } from './AnswerText'
import { Citations } from './Citations'
import type { Entry } from './entries'
import { COLUMNS, TEXT_COLUMN } from './layout'
import { Footer } from './Footer'
import { Headline } from './Headline'
import { Notes } from './Notes'
import { Progress } from './Progress'
import { Receipt } from './Receipt'
import { Suggestions } from './Suggestions'
import { TurnProblem } from './TurnProblem'
import { UnderstoodList } from './UnderstoodList'

interface TurnViewProps {
  entry: Entry
  /** Null while the question that opens the thread is on its way. */
  threadId: string | null
  isLast: boolean
  onAsk: (question: string) => void
  onRevise: (question: string, revision: Revision) => void
}

/** A question as a headline, how it was understood in the margin, and the answer below: figures, words, what stands behind them. */
export const TurnView = memo(function TurnView({ entry, threadId, isLast, onAsk, onRevise }: TurnViewProps) {
  const { t } = useTranslation()
  const { turn, pending } = entry
  const isRunning = turn.status === 'running'
  const revise = (change: Omit<Revision, 'turn_id'>) => onRevise(turn.question, { turn_id: turn.id, ...change })
  const hasBegun = turn.blocks.length > 0 || turn.text !== ''

  return (
    <article
      aria-label={turn.question}
      aria-busy={isRunning}
      className={cx('scroll-mt-0 border-t border-line py-9 first:border-0 @4xl:py-12', isLast && 'min-h-[100cqh]')}
    >
      <div className={cx(COLUMNS, 'gap-y-6')}>
        <div className={cx(TEXT_COLUMN, 'min-w-0')}>
          <Headline question={turn.question} />
        </div>
        <UnderstoodList turn={turn} onRevise={revise} />
        <div className={cx(TEXT_COLUMN, 'mt-7 grid min-w-0 content-start gap-8 @4xl:mt-0')}>
          {(turn.isEdited || turn.verified) && <AboutTurn turn={turn} />}
          {turn.blocks.map((block, index) => (
            <div key={index} className="min-w-0 animate-arrive">
              <BlockView block={block} />
            </div>
          ))}
          {turn.text && <AnswerText lang={LANGUAGE_TAGS[turn.language ?? 'pt']} text={turn.text} citations={turn.citations} />}
          {isRunning && <Progress turn={turn} pending={pending} hasBegun={hasBegun} />}
          {turn.citations.length > 0 && <Citations citations={turn.citations} />}
          {turn.notes.length > 0 && <Notes notes={turn.notes} />}
          {turn.coverage && !isRunning && <Receipt coverage={turn.coverage} definitions={turn.definitions} />}
          {turn.status === 'failed' && <TurnProblem entry={entry} onAgain={() => revise({})} />}
          {turn.status === 'answered' && <Footer turn={turn} threadId={threadId} onRegenerate={() => revise({})} />}
          {isLast && turn.suggestions.length > 0 && <Suggestions level={3} label={t('turn.next')} suggestions={turn.suggestions} onAsk={onAsk} />}
        </div>
      </div>
    </article>
  )
})
