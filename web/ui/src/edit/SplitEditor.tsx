import { useTranslation } from 'react-i18next'

import type { Revision } from '@/api/trust'

import { Choices } from './Choices'

const DIMENSIONS = ['agent', 'channel', 'theme', 'contact', 'day', 'week', 'month', 'weekday', 'hour', 'sentiment', 'emotion', 'tone', 'satisfaction'] as const

/** One row a value of something, or the whole in one. */
export function SplitEditor({ groupBy, onRevise }: { groupBy: string | null; onRevise: (change: Pick<Revision, 'group_by' | 'remove'>) => void }) {
  const { t } = useTranslation()
  return (
    <Choices
      columns={2}
      choices={[
        { value: '' as string, label: t('edit.whole'), isCurrent: groupBy === null },
        ...DIMENSIONS.map((name) => ({ value: name as string, label: t(`edit.dimensions.${name}`), isCurrent: groupBy === name })),
      ]}
      onChoose={(name) => onRevise(name ? { group_by: name } : { remove: ['group_by'] })}
    />
  )
}
