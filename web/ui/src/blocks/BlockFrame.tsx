import { useId, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface BlockFrameProps {
  title: string
  /** Beside the title: a count, a switch. */
  aside?: ReactNode
  isEmpty?: boolean
  children: ReactNode
}

/** A block's title over its content; the page needs no boxes to hold them together. */
export function BlockFrame({ title, aside, isEmpty = false, children }: BlockFrameProps) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <section role="group" aria-labelledby={id}>
      <div className="flex min-h-8 items-center justify-between gap-3 pb-2">
        <h3 id={id} className="text-sm font-semibold">
          {title}
        </h3>
        {aside}
      </div>
      {isEmpty ? <p className="text-sm text-ink-soft">{t('block.empty')}</p> : children}
    </section>
  )
}
