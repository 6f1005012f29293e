import { CircleAlert, CircleCheck, CircleDashed, type LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { translateWord } from '@/blocks/words'
import { cx } from '@/design/cx'

const LOOKS: Record<string, { Icon: LucideIcon; ink: string }> = {
  resolved: { Icon: CircleCheck, ink: 'text-good' },
  unanswered: { Icon: CircleAlert, ink: 'text-bad' },
  open: { Icon: CircleDashed, ink: 'text-ink-soft' },
}

/** How a conversation stands, as a sign and a word. */
export function StatusWord({ status }: { status: string }) {
  const { t } = useTranslation()
  const look = LOOKS[status]
  return (
    <span className={cx('inline-flex items-center gap-1 text-xs font-medium', look?.ink ?? 'text-ink-soft')}>
      {look && <look.Icon aria-hidden="true" className="size-3.5" strokeWidth={2.2} />}
      {translateWord(t, 'status', status)}
    </span>
  )
}
