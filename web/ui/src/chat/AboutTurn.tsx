import { BadgeCheck, SlidersHorizontal } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import type { Turn } from './fold'

/** What is special about how this answer came to be: who vouches for its question, and that a person changed its plan. */
export function AboutTurn({ turn }: { turn: Turn }) {
  const { t } = useTranslation()
  return (
    <ul aria-label={t('turn.about')} className="-mb-3 grid gap-1 text-sm text-ink-soft">
      {turn.verified && (
        <li className="grid grid-cols-[1.25rem_1fr] gap-1.5">
          <BadgeCheck aria-hidden="true" className="mt-[3px] size-4 text-brand" />
          {turn.verified.text}
        </li>
      )}
      {turn.isEdited && (
        <li className="grid grid-cols-[1.25rem_1fr] gap-1.5">
          <SlidersHorizontal aria-hidden="true" className="mt-[3px] size-4 text-ink-faint" />
          {t('turn.edited')}
        </li>
      )}
    </ul>
  )
}
