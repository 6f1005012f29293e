import { ChevronDown } from 'lucide-react'
import { useId, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'

import { cx } from '@/design/cx'

/** Letters may reach a little below their last line, which hides nothing; a hidden line is more than this, in pixels. */
const OVERHANG = 10

/** The question over its answer: four lines of it, and the rest at a press, so that a long one leaves the answer in view. */
export function Headline({ question }: { question: string }) {
  const { t } = useTranslation()
  const id = useId()
  const heading = useRef<HTMLHeadingElement>(null)
  const [isOpen, setOpen] = useState(false)
  const [isCut, setCut] = useState(false)

  useLayoutEffect(() => {
    const element = heading.current
    if (!element || isOpen) return
    const measure = () => setCut(element.scrollHeight - element.clientHeight > OVERHANG)
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [question, isOpen])

  function toggle(button: HTMLButtonElement) {
    flushSync(() => setOpen(!isOpen))
    // What closes above a reader would leave them somewhere in the answer.
    if (isOpen) button.scrollIntoView({ block: 'nearest' })
  }

  return (
    <>
      <h2
        ref={heading}
        id={id}
        className={cx('font-display text-xl leading-tight font-semibold tracking-[-0.012em] break-words @2xl:text-2xl', !isOpen && 'line-clamp-4')}
      >
        {question}
      </h2>
      {(isOpen || isCut) && (
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={(event) => toggle(event.currentTarget)}
          className="mt-1 inline-flex min-h-9 items-center gap-1 text-sm font-semibold text-brand underline-offset-4 hover:underline"
        >
          <ChevronDown aria-hidden="true" className={cx('size-4', isOpen && 'rotate-180')} />
          {t(isOpen ? 'turn.less' : 'turn.whole')}
        </button>
      )}
    </>
  )
}
