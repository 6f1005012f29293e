import { Info } from 'lucide-react'
import { useTranslation } from 'react-i18next'

/** What one should know before trusting the figures: an unfinished period, few conversations, something left out. */
export function Notes({ notes }: { notes: string[] }) {
  const { t } = useTranslation()
  return (
    <ul aria-label={t('turn.notes')} className="grid gap-1.5 rounded-lg bg-sunk px-4 py-3 text-sm text-ink-soft">
      {notes.map((note) => (
        <li key={note} className="grid grid-cols-[1.25rem_1fr] gap-1.5">
          <Info aria-hidden="true" className="mt-[3px] size-4 text-ink-faint" />
          {note}
        </li>
      ))}
    </ul>
  )
}
