import { ArrowUp, Square } from 'lucide-react'
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'

import { cx } from '@/design/cx'
import { useFormat } from '@/format/useFormat'

import { keepDraft, readDraft } from './draft'
import { COLUMNS, TEXT_COLUMN } from './layout'
import { useComposerKeys } from './useComposerKeys'

const LONGEST = 2000
const TALLEST_PX = 200

interface ComposerProps {
  /** Each thread keeps its own unfinished question. */
  draftKey: string
  isFollowUp: boolean
  isBusy: boolean
  runningTurnId: string | null
  onAsk: (question: string) => void
  onStop: (turnId: string) => void
}

export function Composer(props: ComposerProps) {
  // Another thread, another draft: a new field rather than one that changes under the cursor.
  return <Field key={props.draftKey} {...props} />
}

function Field({ draftKey, isFollowUp, isBusy, runningTurnId, onAsk, onStop }: ComposerProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const [text, setText] = useState(() => readDraft(draftKey))
  const field = useRef<HTMLTextAreaElement>(null)
  useComposerKeys(field)
  const question = text.trim()
  const isTooLong = question.length > LONGEST
  const canAsk = question !== '' && !isTooLong && !isBusy

  useLayoutEffect(() => {
    const element = field.current
    if (!element) return
    element.style.height = 'auto'
    element.style.height = `${Math.min(element.scrollHeight, TALLEST_PX)}px`
  }, [text])

  function change(next: string) {
    setText(next)
    keepDraft(draftKey, next)
  }

  function submit() {
    if (!canAsk) return
    change('')
    onAsk(question)
    field.current?.focus()
  }

  function handleKey(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    submit()
  }

  return (
    <div className="@container relative z-10 shrink-0 before:pointer-events-none before:absolute before:inset-x-0 before:-top-7 before:h-7 before:bg-linear-to-t before:from-sheet before:to-transparent pb-[max(0.75rem,env(safe-area-inset-bottom))] lg:pb-4">
      <div className={COLUMNS}>
        <form
          className={TEXT_COLUMN}
          onSubmit={(event) => {
            event.preventDefault()
            submit()
          }}
        >
          <div className="flex items-end gap-2 rounded-2xl border border-line-strong bg-raised p-2 pl-4 shadow-low transition-[border-color,box-shadow] focus-within:border-brand focus-within:shadow-high">
            <textarea
              ref={field}
              id="question"
              rows={1}
              value={text}
              aria-label={t('composer.label')}
              aria-describedby="composer-hint"
              aria-invalid={isTooLong || undefined}
              aria-keyshortcuts="/ Control+K"
              placeholder={t(isFollowUp ? 'composer.followUp' : 'composer.placeholder')}
              enterKeyHint="send"
              onChange={(event) => change(event.target.value)}
              onKeyDown={handleKey}
              className="scroll-quiet min-h-10 flex-1 resize-none bg-transparent py-2 text-base leading-6 outline-none placeholder:text-ink-faint"
            />
            {isBusy && runningTurnId ? (
              <button
                type="button"
                aria-label={t('composer.stop')}
                title={t('composer.stop')}
                onClick={() => onStop(runningTurnId)}
                className="grid size-10 shrink-0 place-items-center rounded-xl border border-line-strong text-ink transition-colors hover:border-ink"
              >
                <Square className="size-3.5 fill-current" />
              </button>
            ) : (
              <button
                type="submit"
                aria-label={t('composer.send')}
                title={t('composer.send')}
                disabled={!canAsk}
                className="grid size-10 shrink-0 place-items-center rounded-xl bg-brand text-on-brand transition-colors hover:bg-brand-hover disabled:bg-ink/8 disabled:text-ink-faint"
              >
                <ArrowUp className="size-5" strokeWidth={2.4} />
              </button>
            )}
          </div>
          <p
            id="composer-hint"
            role={isTooLong ? 'alert' : undefined}
            className={cx('px-4 pt-1.5 text-2xs', isTooLong ? 'text-bad' : 'hidden text-ink-faint pointer-fine:block')}
          >
            {isTooLong ? t('composer.tooLong', { n: format.count(question.length), limit: format.count(LONGEST) }) : t('composer.hint')}
          </p>
        </form>
      </div>
    </div>
  )
}
