import { useTranslation } from 'react-i18next'

import { INKS } from './inks'
import type { Panel } from './panels'

/** What each line is, where more than one could be meant. */
export function Legend({ panel, hasOpenEnd }: { panel: Panel; hasOpenEnd: boolean }) {
  const { t } = useTranslation()
  const hasBefore = panel.traces.some((trace) => trace.previousKey)
  if (panel.traces.length < 2 && !hasBefore && !hasOpenEnd) return null
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1 pb-2 text-xs text-ink-soft">
      {panel.traces.map((trace, index) => (
        <Entry key={trace.key} label={trace.label} ink={INKS[index % INKS.length]!} />
      ))}
      {hasOpenEnd && <Entry label={t('block.toDate')} ink={INKS[0]!} dash="4 3" />}
      {hasBefore && <Entry label={t('block.previous')} ink="var(--line-strong)" dash="1.5 4" />}
    </ul>
  )
}

function Entry({ label, ink, dash }: { label: string; ink: string; dash?: string }) {
  return (
    <li className="inline-flex items-center gap-1.5">
      <svg width="18" height="6" aria-hidden="true">
        <line x1="1" x2="17" y1="3" y2="3" stroke={ink} strokeWidth="2.4" strokeLinecap="round" strokeDasharray={dash} />
      </svg>
      {label}
    </li>
  )
}
