import type { Turn } from '@/chat/fold'

/** What can be changed by hand in a turn's plan. */
export interface Editable {
  period: { start: string; end: string } | null
  metrics: string[]
  groupBy: string | null
  canChangePeriod: boolean
  canChangeMetrics: boolean
  canSplit: boolean
  canRemove: (field: string) => boolean
}

const MEASURED = ['metric', 'explain']
const REMOVABLE = ['group_by', 'search', 'order']

function readPeriod(raw: unknown): Editable['period'] {
  const period = raw as { start?: unknown; end?: unknown } | null
  return typeof period?.start === 'string' && typeof period.end === 'string' ? { start: period.start, end: period.end } : null
}

/** Nothing of a turn that is on its way, or that has no plan, can be changed. */
export function readEditable({ plan, status }: Turn): Editable {
  const intent = typeof plan?.intent === 'string' ? plan.intent : ''
  const period = readPeriod(plan?.period)
  const isReady = status !== 'running' && period !== null
  return {
    period,
    metrics: Array.isArray(plan?.metrics) ? plan.metrics.filter((metric): metric is string => typeof metric === 'string') : [],
    groupBy: typeof plan?.group_by === 'string' ? plan.group_by : null,
    canChangePeriod: isReady,
    canChangeMetrics: isReady && MEASURED.includes(intent),
    canSplit: isReady && intent === 'metric',
    // Why something changed is asked of two periods: there the comparison stays.
    canRemove: (field) => isReady && (field.startsWith('filters.') || REMOVABLE.includes(field) || (field === 'compare_to' && intent !== 'explain')),
  }
}
